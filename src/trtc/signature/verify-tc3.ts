// Verification of TC3-HMAC-SHA256, with the latitude that the official clients need.
import { timingSafeEqual } from 'node:crypto'
import { TrtcError } from '../errors.ts'
import { hostReadings } from './host-readings.ts'
import { tc3Algorithm, tc3Date, tc3PayloadHash, tc3Signature, unsignedPayload } from './tc3.ts'
import { checkTimestamp } from './timestamp.ts'

/** The parts of an `Authorization` header. */
export interface Tc3Authorization {
  readonly secretId: string
  /** `YYYY-MM-DD`. */
  readonly date: string
  readonly service: string
  /** In lower case, in signed order. */
  readonly signedHeaders: readonly string[]
  readonly signature: string
}

/** A request as it came over the wire. */
export interface ReceivedRequest {
  readonly method: 'GET' | 'POST'
  /** Raw text after `?`, never rebuilt: clients do not sort alike. */
  readonly query: string
  /** `undefined` for a header that was not sent. */
  readonly header: (name: string) => string | undefined
  readonly body: Uint8Array
  /** From `X-TC-Timestamp`. */
  readonly timestampSec: number
}

const maxSignedHeaders = 32
const authorizationPattern =
  /^TC3-HMAC-SHA256\s+Credential=([^/,\s]+)\/(\d{4}-\d{2}-\d{2})\/([^/,\s]+)\/tc3_request,\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})\s*$/

/**
 * Takes an `Authorization` header apart. The service is the client's word: it derives it from the host it was configured with.
 * @throws {TrtcError} `AuthFailure.InvalidAuthorization`
 */
export function parseTc3Authorization(value: string): Tc3Authorization {
  const match = authorizationPattern.exec(value)
  if (match === null) {
    throw new TrtcError(
      'AuthFailure.InvalidAuthorization',
      `Authorization must read ${tc3Algorithm} Credential=<SecretId>/<Date>/<Service>/tc3_request, SignedHeaders=<names>, Signature=<64 hex digits>.`,
    )
  }
  const [, secretId = '', date = '', service = '', names = '', signature = ''] = match
  const signedHeaders = names.toLowerCase().split(';')
  if (!signedHeaders.includes('content-type') || !signedHeaders.includes('host')) {
    throw new TrtcError('AuthFailure.InvalidAuthorization', 'SignedHeaders must name content-type and host.')
  }
  if (signedHeaders.length > maxSignedHeaders) {
    throw new TrtcError('AuthFailure.InvalidAuthorization', `SignedHeaders must name at most ${maxSignedHeaders} headers.`)
  }
  return { secretId, date, service, signedHeaders, signature }
}

type HeaderReading = (name: string, value: string) => string

/** Hand-written clients lower-case the values they sign. */
const caseReadings: readonly HeaderReading[] = [
  (name, value) => (name === 'x-tc-action' ? value.toLowerCase() : value),
  (_name, value) => value.toLowerCase(),
]

/**
 * Checks timestamp, scope and signature (spec section 1.3); returns if they hold. Pure.
 * @param nowSec the server's clock, Unix seconds
 * @throws {TrtcError} `AuthFailure.SignatureExpire` or `AuthFailure.SignatureFailure`
 */
export function verifyTc3(request: ReceivedRequest, authorization: Tc3Authorization, secretKey: string, nowSec: number): void {
  const { timestampSec } = request
  checkTimestamp('X-TC-Timestamp', timestampSec, nowSec)
  if (authorization.date !== tc3Date(timestampSec)) throw new TrtcError('AuthFailure.SignatureFailure')

  const received = authorization.signedHeaders.map((name) => [name, request.header(name)?.trim()] as const)
  const given = Buffer.from(authorization.signature, 'hex')
  const payloadHash = tc3PayloadHash(request.method, request.body, request.header('x-tc-content-sha256') === unsignedPayload)
  const signs = (host: string, readCase: HeaderReading): boolean => {
    const headers = received.map(([name, value = '']) => [name, name === 'host' ? host : readCase(name, value)] as const)
    const { method, query } = request
    const expected = tc3Signature({ method, query, headers, payloadHash, timestampSec, service: authorization.service }, secretKey)
    return timingSafeEqual(Buffer.from(expected, 'hex'), given)
  }
  const holds =
    received.every(([, value]) => value !== undefined) &&
    hostReadings(request.header('host') ?? '').some((host) => caseReadings.some((read) => signs(host, read)))
  if (!holds) throw new TrtcError('AuthFailure.SignatureFailure')
}
