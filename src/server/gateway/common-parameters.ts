// The parameters that every request carries, in its headers or among its own.
import { apiVersion, isActionName, type ActionName } from '../../trtc/actions/actions.ts'
import { TrtcError } from '../../trtc/errors.ts'
import { invalidParameter, missingParameter } from '../../trtc/parameter-error.ts'
import { isV1Method, type V1Method } from '../../trtc/signature/v1.ts'
import type { CommonName, WireMessage } from './wire-message.ts'

/** What a request shows to prove whose it is; not yet verified. */
export type Proof =
  | { readonly convention: 'v3'; readonly authorization: string }
  | { readonly convention: 'v1'; readonly secretId: string; readonly signatureMethod: V1Method; readonly signature: string }

export interface CommonParameters {
  readonly action: ActionName
  readonly timestampSec: number
  readonly proof: Proof
  readonly token: string | null
  readonly region: string | null
}

/** The Node SDK for international users sends a missing region as text. */
const absentTexts = ['null', 'undefined']

/**
 * @param authorization value of the header of that name
 * @throws {TrtcError} `MissingParameter`, `InvalidParameter`, `InvalidAction` or `NoSuchVersion`
 */
export function readCommonParameters(message: WireMessage, authorization: string | undefined): CommonParameters {
  const { common, nameOf } = message
  const required = (name: CommonName): string => {
    const value = common(name)
    if (value === undefined) throw missingParameter(nameOf(name), 'every request needs it')
    return value
  }
  const optional = (name: CommonName): string | null => {
    const value = common(name)
    return value === undefined || absentTexts.includes(value) ? null : value
  }
  const proof = message.convention === 'v1' ? v1Proof(required, optional) : v3Proof(authorization)
  const action = required('Action')
  const version = required('Version')
  const timestamp = required('Timestamp')
  if (!/^\d{1,12}$/.test(timestamp)) throw invalidParameter(nameOf('Timestamp'), timestamp, 'must be Unix seconds')
  if (!isActionName(action)) throw new TrtcError('InvalidAction', `${JSON.stringify(action.slice(0, 64))} is not an action.`)
  if (version !== apiVersion) {
    throw new TrtcError('NoSuchVersion', `${nameOf('Version')} is ${JSON.stringify(version.slice(0, 64))}; it must be ${apiVersion}.`)
  }
  return { action, timestampSec: Number(timestamp), proof, token: optional('Token'), region: optional('Region') }
}

function v3Proof(authorization: string | undefined): Proof {
  if (authorization !== undefined) return { convention: 'v3', authorization }
  throw missingParameter('Authorization', 'every request needs this header, or the older signature in a parameter Signature')
}

function v1Proof(required: (name: CommonName) => string, optional: (name: CommonName) => string | null): Proof {
  const secretId = required('SecretId')
  const signature = required('Signature')
  const nonce = required('Nonce')
  // The vendor documents a positive integer; its SDK draws one of 0 to 65535.
  if (!/^\d{1,20}$/.test(nonce)) throw invalidParameter('Nonce', nonce, 'must be an integer of at least 0')
  const signatureMethod = optional('SignatureMethod') ?? 'HmacSHA1'
  if (!isV1Method(signatureMethod)) throw invalidParameter('SignatureMethod', signatureMethod, 'must be HmacSHA1 or HmacSHA256')
  return { convention: 'v1', secretId, signatureMethod, signature }
}
