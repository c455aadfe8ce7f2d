// An application that asks for privileges: who gets in and who does not; its robots; and its history over a restart.
import { createRequire } from 'node:module'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { runAdmin } from '../../src/server/admin/run-admin.ts'
import { LiveMix, mixRequest } from '../support/live-mix.ts'
import { ROOM_ID, startLiveSystem, type LiveSystem } from '../support/live-system.ts'

interface VendorApi {
  genPrivateMapKey(userId: string, lifetimeSec: number, roomId: number, privileges: number): string
}
const vendor = createRequire(import.meta.url)('tls-sig-api-v2') as { Api: new (sdkAppId: number, key: string) => VendorApi }

let system: LiveSystem
beforeAll(async () => {
  system = await startLiveSystem()
  await runAdmin({ dataDir: system.server.config.dataDir }, 'app update', { id: system.sdkAppId, requirePrivileges: true })
})
afterAll(() => system?.close())

/** A UserSig with privileges, as the vendor's own generator makes it. */
const privileged = (userId: string, privileges: number, roomId = Number(ROOM_ID)) =>
  new vendor.Api(system.sdkAppId, system.server.credentials.sdkSecretKey).genPrivateMapKey(userId, 600, roomId, privileges)

const publish = async (userId: string, userSig: string) => {
  const response = await fetch(system.whipUrl(userId), {
    method: 'POST',
    headers: { authorization: `Bearer ${userSig}`, 'content-type': 'application/sdp' },
    body: 'no offer at all',
  })
  return [response.status, await response.text()] as const
}

test('a plain UserSig, one for another room and one without the privilege to join are refused; one with it is heard', async () => {
  expect(await publish('alice', system.userSig('alice'))).toEqual([403, expect.stringContaining('carries no privileges (PrivateMapKey)')])
  expect(await publish('alice', privileged('alice', 255, 1))).toEqual([403, expect.stringContaining('privileges for another room')])
  expect(await publish('alice', privileged('alice', 253))).toEqual([403, expect.stringContaining('privilege to join the room')])
  expect(await publish('alice', privileged('alice', 254))).toEqual([403, expect.stringContaining('may not open the room')])
  expect(await publish('alice', privileged('alice', 255))).toEqual([400, expect.stringContaining('SDP offer')])
})

test('whoever may publishes; the robot of a task needs no privileges; a restart ends what was there', async () => {
  await system.join('alice', { userSig: privileged('alice', 255), widthPx: 160, heightPx: 90 })
  const mix = await LiveMix.start(system, mixRequest(system, ROOM_ID, ['rtmp://127.0.0.1:9/live/none'], null))
  await vi.waitFor(
    async () => {
      const here = (await system.server.rooms.calls.list())[0]?.participants.map(({ userId }) => userId)
      expect(here).toEqual(['alice', `mix_${ROOM_ID}`])
    },
    { timeout: 10_000, interval: 50 },
  )
  await mix.stop()
  const rooms = async () => {
    const nowSec = Math.floor(Date.now() / 1000)
    return system.client.call('DescribeRoomInfo', { SdkAppId: system.sdkAppId, StartTime: nowSec - 3600, EndTime: nowSec })
  }
  const [before] = (await rooms()).RoomList
  expect(before).toMatchObject({ RoomString: ROOM_ID, UserId: 'alice', IsFinished: false })
  await system.restart()
  const after = (await rooms()).RoomList.find(({ CommId }) => CommId === before?.CommId)
  expect(after).toMatchObject({ UserId: 'alice', IsFinished: true })
  expect(after!.DestroyTime).toBeGreaterThanOrEqual(before!.CreateTime)
})
