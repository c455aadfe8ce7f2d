// The signature convention TC3-HMAC-SHA256, as a function of what was sent.
import { createHash, createHmac } from 'node:crypto'

export const tc3Algorithm = 'TC3-HMAC-SHA256'

/** Value of `X-TC-Content-SHA256` with which the payload stays out of the signature. */
export const unsignedPayload = 'UNSIGNED-PAYLOAD'

/** Everything a signature covers. */
export interface Tc3Input {
  readonly method: 'GET' | 'POST'
  /** Raw text after `?`; counts for GET only. */
  readonly query: string
  /** Signed headers in signed order, names in lower case. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** Lower-case hex SHA-256, see `tc3PayloadHash`. */
  readonly payloadHash: string
  readonly timestampSec: number
  readonly service: string
}

const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex')

/** Hash of what counts as payload: the body of a POST, nothing of a GET, the literal if the payload is unsigned. */
export const tc3PayloadHash = (method: 'GET' | 'POST', body: Uint8Array, unsigned: boolean): string =>
  sha256(unsigned ? unsignedPayload : method === 'GET' ? '' : body)

/** UTC date of a timestamp, as credential scopes hold it. */
export const tc3Date = (timestampSec: number): string => new Date(timestampSec * 1000).toISOString().slice(0, 10)

/**
 * The signature in lower-case hex (spec section 1.3).
 * @param timestampSec an instant that `Date` can hold
 */
export function tc3Signature(input: Tc3Input, secretKey: string): string {
  const canonicalRequest = [
    input.method,
    '/',
    input.method === 'GET' ? input.query : '',
    input.headers.map(([name, value]) => `${name}:${value}\n`).join(''),
    input.headers.map(([name]) => name).join(';'),
    input.payloadHash,
  ].join('\n')
  const date = tc3Date(input.timestampSec)
  const scope = `${date}/${input.service}/tc3_request`
  const stringToSign = [tc3Algorithm, input.timestampSec, scope, sha256(canonicalRequest)].join('\n')
  const hmac = (key: string | Uint8Array, data: string) => createHmac('sha256', key).update(data)
  const signingKey = hmac(hmac(hmac(`TC3${secretKey}`, date).digest(), input.service).digest(), 'tc3_request').digest()
  return hmac(signingKey, stringToSign).digest('hex')
}
