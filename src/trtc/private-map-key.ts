// The privileges a UserSig carries (`TLS.userbuf`): for which user, room and time, and for what.
import type { Grants } from '../mix/grants.ts'
import type { UserRef } from '../mix/room.ts'

/** Bits of the mask (spec section 2). */
const bits = {
  openRoom: 1,
  join: 2,
  sendAudio: 4,
  receiveAudio: 8,
  sendVideo: 16,
  receiveVideo: 32,
  sendScreen: 64,
  receiveScreen: 128,
} as const satisfies Record<keyof Grants, number>

export interface PrivateMapKey {
  readonly user: UserRef
  readonly expiresAtSec: number
  /** Mask of `bits`. */
  readonly privileges: number
}

export type GrantsCheck = { readonly ok: true; readonly grants: Grants } | { readonly ok: false; readonly reason: string }

/**
 * What the holder of a verified UserSig may do. `reason` reads on after "UserSig".
 * @param userBuf what the UserSig carries, if anything
 * @param nowSec Unix seconds
 */
export function grantsOf(userBuf: Buffer | null, user: UserRef, nowSec: number): GrantsCheck {
  if (userBuf === null) return refuse('carries no privileges (PrivateMapKey), which its application asks for')
  const key = readPrivateMapKey(userBuf)
  if (key === null) return refuse('carries privileges that cannot be read')
  if (key.user.room.appId !== user.room.appId) return refuse('carries privileges for another application')
  if (key.user.userId !== user.userId) return refuse('carries privileges for another user')
  if (key.user.room.kind !== user.room.kind || key.user.room.name !== user.room.name) return refuse('carries privileges for another room')
  if (key.expiresAtSec <= nowSec) return refuse('carries privileges that have expired')
  const has = (grant: keyof Grants): boolean => (key.privileges & bits[grant]) !== 0
  const names = Object.keys(bits) as (keyof Grants)[]
  return { ok: true, grants: Object.fromEntries(names.map((name) => [name, has(name)])) as unknown as Grants }
}

const refuse = (reason: string): GrantsCheck => ({ ok: false, reason })

/** `null` for what is none; see spec section 2 for the layout. */
export function readPrivateMapKey(userBuf: Buffer): PrivateMapKey | null {
  if (userBuf.length < 3) return null
  const isString = userBuf[0] === 1
  const accountEnd = 3 + userBuf.readUInt16BE(1)
  const fixedEnd = accountEnd + 20
  if (userBuf.length < fixedEnd + (isString ? 2 : 0)) return null
  const [appId = 0, roomNumber = 0, expiresAtSec = 0, privileges = 0] = [0, 4, 8, 12].map((offset) =>
    userBuf.readUInt32BE(accountEnd + offset),
  )
  const nameEnd = isString ? fixedEnd + 2 + userBuf.readUInt16BE(fixedEnd) : fixedEnd
  if (userBuf.length < nameEnd) return null
  const name = isString ? userBuf.toString('utf8', fixedEnd + 2, nameEnd) : String(roomNumber)
  const room = { appId, kind: isString ? 'string' : 'number', name } as const
  return { user: { room, userId: userBuf.toString('utf8', 3, accountEnd) }, expiresAtSec, privileges }
}
