// API requests signed as the official clients sign them, with room for every kind of mistake.
import { tc3Date, tc3PayloadHash, tc3Signature } from '../../src/trtc/signature/tc3.ts'

export interface SigningOptions {
  readonly secretId: string
  readonly secretKey: string
  readonly timestampSec: number
  /** `host:port` of the server. */
  readonly host: string
  readonly method?: 'GET' | 'POST'
  /** Body of a POST, query of a GET, which is a text. */
  readonly content: string | Uint8Array<ArrayBuffer>
  /** What an SDK would send for the method, unless given. */
  readonly contentType?: string
  /** Put over the headers after signing; `null` removes one. */
  readonly headers?: Readonly<Record<string, string | null>>
}

/** A request to `/` for `app.request` or `fetch`. */
export function signedRequest(action: string, options: SigningOptions): Request {
  const { secretId, secretKey, timestampSec, host, method = 'POST', content } = options
  const { contentType = method === 'GET' ? 'application/x-www-form-urlencoded' : 'application/json' } = options
  const query = method === 'GET' && typeof content === 'string' ? content : ''
  const service = host.split('.')[0] ?? ''
  const payloadHash = tc3PayloadHash(method, Buffer.from(content), false)
  const signed: [string, string][] = [
    ['content-type', contentType],
    ['host', host],
  ]
  const signature = tc3Signature({ method, query, headers: signed, payloadHash, timestampSec, service }, secretKey)
  const headers = new Headers({
    'Content-Type': contentType,
    Host: host,
    'X-TC-Action': action,
    'X-TC-Version': '2019-07-22',
    'X-TC-Timestamp': String(timestampSec),
    Authorization: `TC3-HMAC-SHA256 Credential=${secretId}/${tc3Date(timestampSec)}/${service}/tc3_request, SignedHeaders=content-type;host, Signature=${signature}`,
  })
  for (const [name, value] of Object.entries(options.headers ?? {})) {
    if (value === null) headers.delete(name)
    else headers.set(name, value)
  }
  return new Request(`http://${host}/${query === '' ? '' : `?${query}`}`, {
    method,
    headers,
    ...(method === 'GET' ? {} : { body: content }),
  })
}
