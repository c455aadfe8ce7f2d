import { createRequire } from 'node:module'
import { deflateSync, inflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { createUserSig, verifyUserSig } from './user-sig.ts'

interface VendorApi {
  genUserSig(userId: string, lifetimeSec: number): string
  genPrivateMapKey(userId: string, lifetimeSec: number, roomId: number, privileges: number): string
}
const vendor = createRequire(import.meta.url)('tls-sig-api-v2') as { Api: new (sdkAppId: number, key: string) => VendorApi }

const owner = { sdkAppId: 1400000001, userId: 'mix_295066', key: 'EXAMPLEKEY' }
const issuedAtSec = 1795305600
const worked =
  'eJw1yUELgjAYxvHv8p7D5nSrDbpVeDDBCpIuoW7WS7nWFBGi7x64em7P7-*GY3oIBu1AAg0IzKaPSpseG5y4xfFCBSOc-2qn7qW1qECGMfELfemx1SDDhWARYZwQr3q06DTIJY--1OEVJLi6eQ6FXqdldj7tTBHNq71xtskTk*XbR1KbV2xER2-ZZgWfL10cMkU_'
const outer = (userSig: string) => Buffer.from(userSig.replaceAll('*', '+').replaceAll('-', '/').replaceAll('_', '='), 'base64')
const pack = (content: unknown) =>
  deflateSync(JSON.stringify(content)).toString('base64').replaceAll('+', '*').replaceAll('/', '-').replaceAll('=', '_')
const unpack = (userSig: string) => JSON.parse(inflateSync(outer(userSig)).toString()) as Record<string, unknown>

test('the worked example is what we issue', () => {
  const issued = unpack(createUserSig(owner, issuedAtSec, 86400))
  expect(issued['TLS.sig']).toBe('rcfovXeDLaNZWMnX3/bRnrpfQHnNQFlHcnq4n9s2hNE=')
  expect(issued).toEqual(unpack(worked))
})

test('the worked example verifies until it expires, and 300 s before its issue', () => {
  expect(verifyUserSig(worked, owner, issuedAtSec + 86399)).toEqual({ ok: true, expiresAtSec: issuedAtSec + 86400, userBuf: null })
  expect(verifyUserSig(worked, owner, issuedAtSec - 300).ok).toBe(true)
  expect(verifyUserSig(worked, owner, issuedAtSec + 86400)).toEqual({ ok: false, reason: 'has expired' })
  expect(verifyUserSig(worked, owner, issuedAtSec - 301)).toEqual({ ok: false, reason: 'is issued in the future' })
})

test.each([
  ['user', { userId: 'mix_295067' }, 'was issued for another user'],
  ['application', { sdkAppId: 1400000002 }, 'was issued for another application'],
  ['key', { key: 'OTHERKEY' }, "is not signed with the application's key"],
])('another %s is refused', (_what, change, reason) => {
  expect(verifyUserSig(worked, { ...owner, ...change }, issuedAtSec)).toEqual({ ok: false, reason })
})

test('content changed after signing is refused', () => {
  const stretched = pack({ ...unpack(worked), 'TLS.expire': 864000 })
  expect(verifyUserSig(stretched, owner, issuedAtSec)).toEqual({ ok: false, reason: "is not signed with the application's key" })
})

test.each([
  ['nothing', ''],
  ['no base64', '%%%'],
  ['no JSON', deflateSync('x').toString('base64')],
  ['another version', pack({ ...unpack(worked), 'TLS.ver': '1.0' })],
  ['a bomb', deflateSync(JSON.stringify(unpack(worked)).padEnd(10_000_000)).toString('base64')],
])('%s is no UserSig', (_what, userSig) => {
  expect(verifyUserSig(userSig, owner, issuedAtSec)).toEqual({ ok: false, reason: 'is not a version 2.0 UserSig' })
})

test("the vendor's generator and ours agree", () => {
  const nowSec = Math.floor(Date.now() / 1000)
  const api = new vendor.Api(owner.sdkAppId, owner.key)
  expect(verifyUserSig(api.genUserSig(owner.userId, 60), owner, nowSec).ok).toBe(true)
  const theirs = unpack(api.genUserSig(owner.userId, 60))
  expect(unpack(createUserSig(owner, Number(theirs['TLS.time']), 60))).toEqual(theirs)
})

test("the vendor's PrivateMapKey verifies and shows its privileges; ours holds them likewise", () => {
  const nowSec = Math.floor(Date.now() / 1000)
  const theirs = verifyUserSig(new vendor.Api(owner.sdkAppId, owner.key).genPrivateMapKey(owner.userId, 60, 295066, 255), owner, nowSec)
  expect(theirs.ok && theirs.userBuf?.subarray(0, 21).toString('hex')).toBe('00000a6d69785f32393530363653724e010004809a')
  const userBuf = Buffer.from('00000a6d69785f32393530363653724e010004809a6b038200000000ff00000000', 'hex')
  expect(verifyUserSig(createUserSig(owner, nowSec, 60, userBuf), owner, nowSec)).toMatchObject({ ok: true, userBuf })
})
