import { expect, test } from 'vitest'
import type { UserSigCheck } from '../../trtc/user-sig.ts'
import { createAdmission } from './admission.ts'

const user = { room: { appId: 1400000001, kind: 'number', name: '295066' }, userId: 'mix_295066' } as const
const userBuf = Buffer.from('00000a6d69785f32393530363653724e010004809a6b038200000000ff00000000', 'hex')
userBuf.writeUInt32BE(2 + 4, userBuf.length - 8)

const admit = (check: UserSigCheck, requiresPrivileges: boolean) =>
  createAdmission({ verify: async () => check, findApplication: async () => ({ requiresPrivileges }), now: () => 1_700_000_000_000 })(
    user,
    'x',
  )
const valid = { ok: true, expiresAtSec: 2_000_000_000, userBuf: null } as const

test('privileges are asked for where the application says so, and nowhere else', async () => {
  expect(await admit(valid, false)).toEqual({ ok: true })
  expect(await admit({ ...valid, userBuf }, false)).toEqual({ ok: true })
  expect(await admit(valid, true)).toEqual({ ok: false, reason: expect.stringContaining('PrivateMapKey') })
  expect(await admit({ ...valid, userBuf }, true)).toMatchObject({
    ok: true,
    grants: { join: true, sendAudio: true, sendVideo: false, receiveAudio: false, openRoom: false },
  })
})

test('no privileges help a UserSig that does not hold', async () => {
  const refused = { ok: false, reason: 'has expired' } as const
  expect(await admit(refused, true)).toEqual(refused)
})
