// Whose request this is, proven by its signature.
import { createHash, timingSafeEqual } from 'node:crypto'
import { TrtcError } from '../../trtc/errors.ts'
import { parseTc3Authorization, verifyTc3 } from '../../trtc/signature/verify-tc3.ts'
import { verifyV1 } from '../../trtc/signature/verify-v1.ts'
import type { ApiKey } from './api-key.ts'
import type { CommonParameters } from './common-parameters.ts'
import type { WireRequest } from './read-request.ts'
import type { WireMessage } from './wire-message.ts'

export interface Credentials {
  /** `null` when there is none such, or it was revoked. */
  find(secretId: string): Promise<ApiKey | null>
}

/** A request together with what was read of it. */
export interface ClaimedRequest {
  readonly request: WireRequest
  readonly message: WireMessage
  readonly common: CommonParameters
}

/**
 * @param nowMs Unix milliseconds
 * @returns the key it was signed with
 * @throws {TrtcError} one of `AuthFailure.*`
 */
export async function authenticate(claimed: ClaimedRequest, credentials: Credentials, nowMs: number): Promise<ApiKey> {
  const { secretId, verify } = claimOf(claimed)
  const key = await credentials.find(secretId)
  if (key === null) throw new TrtcError('AuthFailure.SecretIdNotFound')
  verify(key.secretKey, nowMs / 1000)
  if (!tokenBelongs(claimed.common.token, key.token)) throw new TrtcError('AuthFailure.TokenFailure')
  if (key.expiresAt !== null && nowMs >= key.expiresAt) {
    throw new TrtcError('AuthFailure.TokenFailure', `The temporary key expired at ${new Date(key.expiresAt).toISOString()}.`)
  }
  return key
}

interface Claim {
  readonly secretId: string
  readonly verify: (secretKey: string, nowSec: number) => void
}

function claimOf({ request, message, common: { proof, timestampSec } }: ClaimedRequest): Claim {
  const { method, header } = request
  if (proof.convention === 'v3') {
    const authorization = parseTc3Authorization(proof.authorization)
    const verify: Claim['verify'] = (secretKey, nowSec) => verifyTc3({ ...request, timestampSec }, authorization, secretKey, nowSec)
    return { secretId: authorization.secretId, verify }
  }
  const signed = { ...proof, method, parameters: message.form ?? [], host: header('host'), timestampSec }
  return { secretId: proof.secretId, verify: (secretKey, nowSec) => verifyV1(signed, secretKey, nowSec) }
}

/** In constant time for tokens of any length. */
function tokenBelongs(given: string | null, bound: string | null): boolean {
  if (given === null || bound === null) return given === bound
  const digest = (token: string): Buffer => createHash('sha256').update(token).digest()
  return timingSafeEqual(digest(given), digest(bound))
}
