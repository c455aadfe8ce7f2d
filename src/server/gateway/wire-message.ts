// Which convention a request keeps, and where its common parameters stand (spec section 1.2).
import { TrtcError } from '../../trtc/errors.ts'
import { tc3Algorithm } from '../../trtc/signature/tc3.ts'
import type { WireRequest } from './read-request.ts'

/** The parameters every action takes, by their names in v1; in v3 they are headers. */
export const commonNames = [
  'Action',
  'Version',
  'Region',
  'Timestamp',
  'Nonce',
  'SecretId',
  'SignatureMethod',
  'Signature',
  'Token',
  'Language',
  'RequestClient',
] as const

export type CommonName = (typeof commonNames)[number]

export interface WireMessage {
  readonly convention: 'v3' | 'v1'
  /** `undefined` when absent or empty. */
  readonly common: (name: CommonName) => string | undefined
  /** What the convention calls a common parameter, for messages. */
  readonly nameOf: (name: CommonName) => string
  /** Parameters of a query or form, decoded, those of a v1 request with the common ones; `null`: the body is JSON. */
  readonly form: readonly (readonly [name: string, value: string])[] | null
}

const formType = 'application/x-www-form-urlencoded'

const headerName = (name: CommonName): string => `X-TC-${name}`

/** Common parameters as v3 carries them, which is also where they are looked for before the convention is known. */
export const commonHeaders =
  (header: WireRequest['header']) =>
  (name: CommonName): string | undefined =>
    header(headerName(name))

/**
 * Tells the convention: v3 by its `Authorization` header, v1 by a parameter `Signature`; v3 also when there is neither.
 * @throws {TrtcError} `InvalidRequest` for multipart bodies, `InvalidParameter` for a form that is not UTF-8
 */
export function readMessage(request: WireRequest): WireMessage {
  const { header } = request
  const form = readForm(request)
  const isV3 = header('authorization')?.startsWith(tc3Algorithm) === true || form?.some(([name]) => name === 'Signature') !== true
  if (isV3) return { convention: 'v3', common: commonHeaders(header), nameOf: headerName, form }
  const common = (name: CommonName) => form.find(([given]) => given === name)?.[1].trim() || undefined
  return { convention: 'v1', common, nameOf: (name) => name, form }
}

function readForm({ method, query, header, body }: WireRequest): [string, string][] | null {
  const type = header('content-type')?.toLowerCase() ?? ''
  if (type.startsWith('multipart/')) throw new TrtcError('InvalidRequest', 'No action takes multipart bodies.')
  if (method === 'GET') return [...new URLSearchParams(query)]
  if (!type.startsWith(formType)) return null
  try {
    return [...new URLSearchParams(new TextDecoder('utf-8', { fatal: true }).decode(body))]
  } catch {
    throw new TrtcError('InvalidParameter', 'The request body is not a form in UTF-8.')
  }
}
