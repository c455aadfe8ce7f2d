// Calls on the wire: signed in any convention, and damaged before or after.
import fc from 'fast-check'
import { nowSec, signer } from '../support/gateway-under-test.ts'
import { flatten } from '../support/flatten.ts'
import { signedRequest } from '../support/signed-request.ts'
import { v1Request } from '../support/v1-request.ts'
import { byteChanges, damaged, type ByteChange } from './damaged-bytes.ts'

/** How a call is sent. */
export interface Wire {
  readonly way: 'v3 JSON' | 'v3 GET' | 'v3 form' | 'v1 GET' | 'v1 form'
  readonly signatureMethod: 'HmacSHA1' | 'HmacSHA256' | null
  readonly timestampSec: number
  /** Put over the common parameters, by their names in v1, before signing. */
  readonly common: Readonly<Record<string, string | null>>
  /** Put over the headers after signing. */
  readonly headers: Readonly<Record<string, string | null>>
  /** Done to the body of a v3 POST before it is signed, so that what reads it is reached. */
  readonly bytes: readonly ByteChange[]
  /** Done to the body of any POST after signing. */
  readonly lateBytes: readonly ByteChange[]
}

const rarely = <Value>(value: fc.Arbitrary<Value>, usual: Value) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: value })

/** What a header may hold: no control characters, nothing beyond a byte. */
const headerValue = fc.oneof(
  fc.constantFrom('', 'null', '0', '-1', '1e9', '99999999999999', 'SKIP', 'TC3-HMAC-SHA256 ', 'TC3-HMAC-SHA256 Credential=/', 'gzip', 'ÿ'),
  fc.string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)), maxLength: 300 }),
  fc.nat(60_000).map((length) => 'x'.repeat(length)),
)

const headerNames = [
  'Authorization',
  'Host',
  'Content-Type',
  'Content-Encoding',
  'Content-Length',
  'X-TC-Action',
  'X-TC-Version',
  'X-TC-Timestamp',
  'X-TC-Region',
  'X-TC-Token',
  'X-TC-Language',
  'X-TC-TraceId',
  'X-TC-RequestClient',
  'X-TC-Content-SHA256',
]
const contentTypes = [
  'application/json; charset=utf-16',
  'text/plain',
  'multipart/form-data',
  'application/x-www-form-urlencoded; charset=x',
]

const headers = fc.oneof(
  fc.dictionary(fc.constantFrom(...headerNames), fc.option(headerValue), { minKeys: 1, maxKeys: 3 }),
  fc.constantFrom(...contentTypes).map((type) => ({ 'Content-Type': type })),
)
const commonNames = ['Action', 'Version', 'Timestamp', 'Nonce', 'Region', 'Token', 'Language', 'SecretId', 'SignatureMethod', 'Foo.0.Bar']
const common = fc.dictionary(fc.constantFrom(...commonNames), fc.option(fc.string({ maxLength: 40 })), { maxKeys: 2 })

export const wires: fc.Arbitrary<Wire> = fc.record({
  way: fc.constantFrom('v3 JSON', 'v3 GET', 'v3 form', 'v1 GET', 'v1 form'),
  signatureMethod: fc.constantFrom('HmacSHA1', 'HmacSHA256', null),
  timestampSec: rarely(fc.integer({ min: nowSec - 400, max: nowSec + 400 }), nowSec),
  common: rarely(common, {}),
  headers: rarely(headers, {}),
  bytes: rarely(byteChanges, []),
  lateBytes: rarely(byteChanges, []),
})

/** A call as a request. Parameters in a query or form lose what text cannot hold, as they do with every client. */
export async function wireRequest(action: string, body: unknown, wire: Wire): Promise<Request> {
  const { timestampSec, bytes } = wire
  const request = wire.way.startsWith('v1')
    ? v1Request(action, wellFormed(body), {
        ...signer,
        timestampSec,
        method: wire.way === 'v1 GET' ? 'GET' : 'POST',
        signatureMethod: wire.signatureMethod,
        common: wire.common,
      })
    : v3Request(action, body, wire, bytes)
  for (const [name, value] of Object.entries(wire.headers)) {
    if (value === null) request.headers.delete(name)
    else request.headers.set(name, value)
  }
  if (request.method === 'GET' || wire.lateBytes.length === 0) return request
  const late = damaged(await request.bytes(), wire.lateBytes)
  return new Request(request.url, { method: 'POST', headers: request.headers, body: late })
}

function v3Request(action: string, body: unknown, { way, timestampSec }: Wire, bytes: readonly ByteChange[]): Request {
  const form = () => new URLSearchParams(flatten(wellFormed(body))).toString()
  if (way === 'v3 GET') return signedRequest(action, { ...signer, timestampSec, method: 'GET', content: form() })
  const contentType = way === 'v3 form' ? 'application/x-www-form-urlencoded' : 'application/json'
  const content = damaged(Buffer.from(way === 'v3 form' ? form() : JSON.stringify(body)), bytes)
  return signedRequest(action, { ...signer, timestampSec, contentType, content })
}

/** Half a surrogate pair has no bytes of its own in a query. */
const wellFormed = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_key, member: unknown) => (typeof member === 'string' ? member.toWellFormed() : member)) as unknown
