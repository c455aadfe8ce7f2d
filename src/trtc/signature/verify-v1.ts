// Verification of HmacSHA1 and HmacSHA256.
import { timingSafeEqual } from 'node:crypto'
import { TrtcError } from '../errors.ts'
import { hostReadings } from './host-readings.ts'
import { checkTimestamp } from './timestamp.ts'
import { v1Signature, type V1Input, type V1Method } from './v1.ts'

/** A request as it came over the wire. */
export interface V1Request extends Pick<V1Input, 'method' | 'parameters'> {
  /** `Host` header; `undefined` when it was not sent. */
  readonly host: string | undefined
  readonly timestampSec: number
  readonly signatureMethod: V1Method
  /** Base64, decoded once from its form. */
  readonly signature: string
}

/**
 * Checks timestamp and signature (spec section 1.4); returns if they hold. Pure.
 * @param nowSec the server's clock, Unix seconds
 * @throws {TrtcError} `AuthFailure.SignatureExpire` or `AuthFailure.SignatureFailure`
 */
export function verifyV1(request: V1Request, secretKey: string, nowSec: number): void {
  checkTimestamp('Timestamp', request.timestampSec, nowSec)
  // A plus sign that a client forgot to escape arrives as a space, which Base64 does not have.
  const given = Buffer.from(request.signature.replaceAll(' ', '+'), 'base64')
  const signs = (endpoint: string): boolean => {
    const expected = Buffer.from(v1Signature({ ...request, endpoint }, request.signatureMethod, secretKey), 'base64')
    return expected.length === given.length && timingSafeEqual(expected, given)
  }
  if (!hostReadings(request.host ?? '').some(signs)) throw new TrtcError('AuthFailure.SignatureFailure')
}
