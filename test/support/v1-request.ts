// API requests signed in the older convention, with room for every kind of mistake.
import { v1Signature, type V1Method } from '../../src/trtc/signature/v1.ts'
import { flatten } from './flatten.ts'

export interface V1Options {
  readonly secretId: string
  readonly secretKey: string
  readonly timestampSec: number
  /** `host:port` of the server. */
  readonly host: string
  /** What is signed as the host, if that is another text. */
  readonly endpoint?: string
  readonly method?: 'GET' | 'POST'
  /** `null`: not sent, and signed with HmacSHA1. */
  readonly signatureMethod?: V1Method | null
  /** Put over the common parameters before signing; `null` removes one. */
  readonly common?: Readonly<Record<string, string | null>>
  /** The same after signing. */
  readonly forged?: Readonly<Record<string, string | null>>
}

const present = (parameters: Readonly<Record<string, string | null>>): [string, string][] =>
  Object.entries(parameters).flatMap(([name, value]) => (value === null ? [] : [[name, value] as [string, string]]))

/** A request to `/` for `app.request` or `fetch`. */
export function v1Request(action: string, body: unknown, options: V1Options): Request {
  const { secretId, secretKey, timestampSec, host, endpoint = host, method = 'POST', signatureMethod = 'HmacSHA256' } = options
  const signed = present({
    Action: action,
    Version: '2019-07-22',
    Timestamp: String(timestampSec),
    Nonce: '32768',
    SecretId: secretId,
    SignatureMethod: signatureMethod,
    ...Object.fromEntries(flatten(body)),
    ...options.common,
  })
  const Signature = v1Signature({ method, endpoint, parameters: signed }, signatureMethod ?? 'HmacSHA1', secretKey)
  const form = new URLSearchParams(present({ ...Object.fromEntries(signed), Signature, ...options.forged })).toString()
  const headers = { host, 'content-type': 'application/x-www-form-urlencoded' }
  return method === 'GET'
    ? new Request(`http://${host}/?${form}`, { headers })
    : new Request(`http://${host}/`, { method, headers, body: form })
}
