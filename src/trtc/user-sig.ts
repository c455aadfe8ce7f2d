// UserSig: the token by which an application vouches for a user.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { deflateSync, inflateSync } from 'node:zlib'
import { z } from 'zod'

/** Who a UserSig speaks for, and with which key. */
export interface UserSigOwner {
  readonly sdkAppId: number
  readonly userId: string
  /** The application's secret, used as plain text even if it looks like hex. */
  readonly key: string
}

export type UserSigCheck =
  | {
      readonly ok: true
      readonly expiresAtSec: number
      /** The privileges of a PrivateMapKey, still packed; `null` in a plain UserSig. */
      readonly userBuf: Buffer | null
    }
  /** `reason` reads on after "UserSig", and holds no part of it. */
  | { readonly ok: false; readonly reason: string }

const maxInflatedBytes = 8192
const maxAheadSec = 300

const contentSchema = z.object({
  'TLS.ver': z.literal('2.0'),
  'TLS.identifier': z.string(),
  'TLS.sdkappid': z.coerce.number().int(),
  'TLS.time': z.coerce.number().int(),
  'TLS.expire': z.coerce.number().int(),
  'TLS.userbuf': z.string().optional(),
  'TLS.sig': z.string(),
})

type Content = z.output<typeof contentSchema>

function mac(content: Omit<Content, 'TLS.sig'>, key: string): Buffer {
  const lines = (['TLS.identifier', 'TLS.sdkappid', 'TLS.time', 'TLS.expire', 'TLS.userbuf'] as const)
    .filter((name) => content[name] !== undefined)
    .map((name) => `${name}:${content[name]}\n`)
  return createHmac('sha256', key).update(lines.join('')).digest()
}

/** Issues a UserSig that holds from `issuedAtSec` (Unix seconds) for `lifetimeSec` (spec section 2). */
export function createUserSig(owner: UserSigOwner, issuedAtSec: number, lifetimeSec: number, userBuf?: Uint8Array): string {
  const content = {
    'TLS.ver': '2.0' as const,
    'TLS.identifier': owner.userId,
    'TLS.sdkappid': owner.sdkAppId,
    'TLS.time': issuedAtSec,
    'TLS.expire': lifetimeSec,
    ...(userBuf === undefined ? {} : { 'TLS.userbuf': Buffer.from(userBuf).toString('base64') }),
  }
  const json = JSON.stringify({ ...content, 'TLS.sig': mac(content, owner.key).toString('base64') })
  return deflateSync(json).toString('base64').replaceAll('+', '*').replaceAll('/', '-').replaceAll('=', '_')
}

/**
 * Checks that a UserSig was issued for this user of this application and holds now (spec section 2).
 * Never throws; the comparison takes the same time wherever signatures differ.
 * @param nowSec Unix seconds
 */
export function verifyUserSig(userSig: string, owner: UserSigOwner, nowSec: number): UserSigCheck {
  const content = unpack(userSig)
  if (content === null) return refuse('is not a version 2.0 UserSig')
  if (content['TLS.identifier'] !== owner.userId) return refuse('was issued for another user')
  if (content['TLS.sdkappid'] !== owner.sdkAppId) return refuse('was issued for another application')
  const expected = mac(content, owner.key)
  const given = Buffer.from(content['TLS.sig'], 'base64')
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return refuse("is not signed with the application's key")
  const expiresAtSec = content['TLS.time'] + content['TLS.expire']
  if (expiresAtSec <= nowSec) return refuse('has expired')
  if (content['TLS.time'] > nowSec + maxAheadSec) return refuse('is issued in the future')
  const userBuf = content['TLS.userbuf']
  return { ok: true, expiresAtSec, userBuf: userBuf === undefined ? null : Buffer.from(userBuf, 'base64') }
}

/** Whom a UserSig says it speaks for, unverified; `null` when it is none. */
export const claimedUserId = (userSig: string): string | null => unpack(userSig)?.['TLS.identifier'] ?? null

const refuse = (reason: string): UserSigCheck => ({ ok: false, reason })

/** The content, believed by nobody yet; `null` if it is not one. */
function unpack(userSig: string): Content | null {
  const base64 = userSig.replaceAll('*', '+').replaceAll('-', '/').replaceAll('_', '=')
  try {
    const json = inflateSync(Buffer.from(base64, 'base64'), { maxOutputLength: maxInflatedBytes }).toString('utf8')
    return contentSchema.safeParse(JSON.parse(json)).data ?? null
  } catch {
    return null
  }
}
