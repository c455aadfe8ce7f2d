import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { everyGrant } from '../mix/grants.ts'
import { grantsOf, readPrivateMapKey } from './private-map-key.ts'
import { verifyUserSig } from './user-sig.ts'

interface VendorApi {
  genPrivateMapKey(userId: string, lifetimeSec: number, roomId: number, privileges: number): string
  genPrivateMapKeyWithStringRoomID(userId: string, lifetimeSec: number, roomId: string, privileges: number): string
}
const vendor = createRequire(import.meta.url)('tls-sig-api-v2') as { Api: new (sdkAppId: number, key: string) => VendorApi }

const appId = 1400000001
const user = { room: { appId, kind: 'number', name: '295066' }, userId: 'mix_295066' } as const
const inRoom = (kind: 'number' | 'string', name: string) => ({ ...user, room: { appId, kind, name } })
const worked = Buffer.from('00000a6d69785f32393530363653724e010004809a6b038200000000ff00000000', 'hex')
const nothing = Object.fromEntries(Object.keys(everyGrant).map((name) => [name, false]))

test('the worked example is read', () => {
  expect(readPrivateMapKey(worked)).toEqual({ user, expiresAtSec: 0x6b038200, privileges: 255 })
  expect(grantsOf(worked, user, 0x6b038200 - 1)).toEqual({ ok: true, grants: everyGrant })
})

test.each([
  ['no privileges', null, user, 'carries no privileges'],
  ['another room', worked, inRoom('number', '295067'), 'another room'],
  ['a string room of the same text', worked, inRoom('string', '295066'), 'another room'],
  ['another user', worked, { ...user, userId: 'mix_295067' }, 'another user'],
  ['another application', worked, { ...user, room: { ...user.room, appId: 2 } }, 'another application'],
  ['a text that is none', Buffer.from('x'), user, 'cannot be read'],
])('refused: %s', (_what, userBuf, who, reason) => {
  expect(grantsOf(userBuf, who, 0)).toEqual({ ok: false, reason: expect.stringContaining(reason) })
})

test('privileges expire by their own clock', () => {
  expect(grantsOf(worked, user, 0x6b038200)).toEqual({ ok: false, reason: 'carries privileges that have expired' })
})

test('every bit is one grant', () => {
  const masks = { openRoom: 1, join: 2, sendAudio: 4, receiveAudio: 8, sendVideo: 16, receiveVideo: 32, sendScreen: 64, receiveScreen: 128 }
  for (const [grant, mask] of Object.entries(masks)) {
    const userBuf = Buffer.from(worked)
    userBuf.writeUInt32BE(mask, worked.length - 8)
    expect(grantsOf(userBuf, user, 0)).toEqual({ ok: true, grants: { ...nothing, [grant]: true } })
  }
})

test("the vendor's generator makes what we read, for rooms of both kinds", () => {
  const api = new vendor.Api(appId, 'EXAMPLEKEY')
  const nowSec = Math.floor(Date.now() / 1000)
  const owner = { sdkAppId: appId, userId: user.userId, key: 'EXAMPLEKEY' }
  const cases = [
    [api.genPrivateMapKey(user.userId, 600, 295066, 42), user],
    [api.genPrivateMapKeyWithStringRoomID(user.userId, 600, 'lobby #1', 42), inRoom('string', 'lobby #1')],
  ] as const
  for (const [userSig, who] of cases) {
    const check = verifyUserSig(userSig, owner, nowSec)
    if (!check.ok) throw new Error(check.reason)
    expect(grantsOf(check.userBuf, who, nowSec)).toEqual({
      ok: true,
      grants: { ...nothing, join: true, receiveAudio: true, receiveVideo: true },
    })
  }
})

test('no beginning of a key is taken for a key', () => {
  const string = Buffer.concat([Buffer.of(1), worked.subarray(1), Buffer.of(0, 5), Buffer.from('lobby')])
  expect(readPrivateMapKey(string)?.user.room).toEqual({ appId, kind: 'string', name: 'lobby' })
  for (const whole of [worked, string])
    for (let length = 0; length < whole.length; length++) expect(readPrivateMapKey(whole.subarray(0, length))).toBeNull()
})
