// Whose request this is, proven by its signature.
import { createHash, timingSafeEqual } from 'node:crypto'
import { TrtcError } from '../../trtc/errors.ts'
import { parseTc3Authorization, verifyTc3 } from '../../trtc/signature/verify-tc3.ts'
import type { ApiKey } from './api-key.ts'
import type { CommonParameters } from './common-parameters.ts'
import type { WireRequest } from './read-request.ts'

export interface Credentials {
  /** `null` when there is none such, or it was revoked. */
  find(secretId: string): Promise<ApiKey | null>
}

/**
 * @param nowMs Unix milliseconds
 * @returns the key it was signed with
 * @throws {TrtcError} one of `AuthFailure.*`
 */
export async function authenticate(
  request: WireRequest,
  common: CommonParameters,
  credentials: Credentials,
  nowMs: number,
): Promise<ApiKey> {
  const authorization = parseTc3Authorization(common.authorization)
  const key = await credentials.find(authorization.secretId)
  if (key === null) throw new TrtcError('AuthFailure.SecretIdNotFound')
  verifyTc3({ ...request, timestampSec: common.timestampSec }, authorization, key.secretKey, nowMs / 1000)
  if (!tokenBelongs(common.token, key.token)) throw new TrtcError('AuthFailure.TokenFailure')
  if (key.expiresAt !== null && nowMs >= key.expiresAt) {
    throw new TrtcError('AuthFailure.TokenFailure', `The temporary key expired at ${new Date(key.expiresAt).toISOString()}.`)
  }
  return key
}

/** In constant time for tokens of any length. */
function tokenBelongs(given: string | null, bound: string | null): boolean {
  if (given === null || bound === null) return given === bound
  const digest = (token: string): Buffer => createHash('sha256').update(token).digest()
  return timingSafeEqual(digest(given), digest(bound))
}
