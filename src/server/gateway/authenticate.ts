// Whose request this is, proven by its signature.
import { TrtcError } from '../../trtc/errors.ts'
import { parseTc3Authorization, verifyTc3 } from '../../trtc/signature/verify-tc3.ts'
import type { CommonParameters } from './common-parameters.ts'
import type { WireRequest } from './read-request.ts'

export interface Credentials {
  /** The secret key of an account; `undefined` when there is none such. */
  findSecret(secretId: string): string | undefined
}

/**
 * @param nowMs Unix milliseconds
 * @returns the SecretId
 * @throws {TrtcError} one of `AuthFailure.*`
 */
export function authenticate(request: WireRequest, common: CommonParameters, credentials: Credentials, nowMs: number): string {
  const authorization = parseTc3Authorization(common.authorization)
  const secretKey = credentials.findSecret(authorization.secretId)
  if (secretKey === undefined) throw new TrtcError('AuthFailure.SecretIdNotFound')
  verifyTc3({ ...request, timestampSec: common.timestampSec }, authorization, secretKey, nowMs / 1000)
  // Only lasting keys exist here, so no token belongs to any.
  if (common.token !== null) throw new TrtcError('AuthFailure.TokenFailure')
  return authorization.secretId
}
