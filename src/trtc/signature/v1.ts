// The older signature convention, HmacSHA1 and HmacSHA256, as a function of what was sent.
import { createHmac } from 'node:crypto'

const hashes = { HmacSHA1: 'sha1', HmacSHA256: 'sha256' } as const

/** Values of `SignatureMethod`. */
export type V1Method = keyof typeof hashes

export const isV1Method = (name: string): name is V1Method => Object.hasOwn(hashes, name)

/** Everything a signature covers. */
export interface V1Input {
  readonly method: 'GET' | 'POST'
  /** Host, with its port if the client was configured with one. */
  readonly endpoint: string
  /** Decoded, in any order; `Signature` is passed over. */
  readonly parameters: readonly (readonly [name: string, value: string])[]
}

const byName = ([a]: readonly [string, string], [b]: readonly [string, string]): number => (a < b ? -1 : a > b ? 1 : 0)

/** What is signed: names in ASCII order, so that `X.10.Y` stands before `X.2.Y`, and raw values. */
export function v1StringToSign({ method, endpoint, parameters }: V1Input): string {
  const signed = parameters.filter(([name]) => name !== 'Signature').toSorted(byName)
  return `${method}${endpoint}/?${signed.map(([name, value]) => `${name}=${value}`).join('&')}`
}

/** The signature in Base64 (spec section 1.4). */
export const v1Signature = (input: V1Input, method: V1Method, secretKey: string): string =>
  createHmac(hashes[method], secretKey).update(v1StringToSign(input)).digest('base64')
