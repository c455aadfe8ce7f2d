// The rooms actions by both official Node SDKs, on a server with people in its rooms.
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { RoomEvent } from '../../src/rooms/ipc.ts'
import { LiveMix, audioEncode, mixRequest } from '../support/live-mix.ts'
import { startLiveSystem, type LiveSystem } from '../support/live-system.ts'
import type { ApiUnderTest } from './api-under-test.ts'
import { createIntlSdkClient } from './intl-sdk.ts'
import { refusal } from './refusal.ts'
import { createSdkClient, type SdkClient } from './vendor-sdk.ts'

const small = { widthPx: 160, heightPx: 90, bitRateKbps: 100 } as const
const sdks = { mainland: createSdkClient, international: createIntlSdkClient }

let system: LiveSystem
let clients: Record<keyof typeof sdks, SdkClient>
const events: RoomEvent[] = []

beforeAll(async () => {
  system = await startLiveSystem()
  system.server.rooms.listen({ event: (event) => events.push(event), down: () => {} })
  const { secretId, secretKey, sdkSecretKey } = system.server.credentials
  const api: ApiUnderTest = {
    url: system.server.httpUrl,
    secretId,
    secretKey,
    sdkAppId: system.sdkAppId,
    userSigKey: sdkSecretKey,
    temporaryKey: null,
    close: async () => undefined,
  }
  clients = { mainland: createSdkClient(api), international: createIntlSdkClient(api) }
})
afterAll(() => system?.close())

const join = (userId: string, room: string, kind: 'rooms' | 'str-rooms' = 'rooms') =>
  system.join(userId, {
    ...small,
    whipUrl: `${system.server.httpUrl}/apps/${system.sdkAppId}/${kind}/${room}/users/${userId}/whip`,
  })
const call = (sdk: keyof typeof sdks, action: string, parameters: object) =>
  clients[sdk].request(action, { SdkAppId: system.sdkAppId, ...parameters }) as Promise<Record<string, unknown>>
const told = (room: string) =>
  events.filter((event) => event.room.name === room).map(({ type, userId, track, reason }) => `${userId} ${type} ${track ?? reason ?? ''}`)
const nowSec = () => Math.floor(Date.now() / 1000)

describe.each(['mainland', 'international'] as const)('%s SDK', (sdk) => {
  const base = sdk === 'mainland' ? 100 : 200

  test('a user is removed and may come back; the others and users who are not there are left alone', async () => {
    const room = String(base + 1)
    const [alice] = await Promise.all([join('alice', room), join('bob', room)])
    const answer = await call(sdk, 'RemoveUser', { RoomId: base + 1, UserIds: ['nobody', 'alice'] })
    expect(answer['RequestId']).toMatch(/^[0-9a-f-]{36}$/)
    await vi.waitFor(() => expect(told(room)).toContain('alice left removed'))
    // A synthetic participant publishes again, as a client may.
    await vi.waitFor(() => expect(alice.stats.reconnects).toBe(1), { timeout: 8_000 })
    await vi.waitFor(() => expect(told(room).filter((line) => line.startsWith('alice joined'))).toHaveLength(2), { timeout: 8_000 })
    expect(told(room).filter((line) => line.startsWith('bob left'))).toEqual([])
  })

  test('a string room is dismissed: everybody leaves', async () => {
    const room = `lobby ${sdk}`
    const people = await Promise.all([
      join('alice', encodeURIComponent(room), 'str-rooms'),
      join('bob', encodeURIComponent(room), 'str-rooms'),
    ])
    expect(await refusal(call(sdk, 'DismissRoomByStrRoomId', { RoomId: 'hall' }))).toMatchObject({ code: 'FailedOperation.RoomNotExist' })
    const leaving = vi.waitFor(() => expect(told(room)).toEqual(expect.arrayContaining(['alice left removed', 'bob left removed'])))
    await call(sdk, 'DismissRoomByStrRoomId', { RoomId: room })
    await leaving
    await Promise.all(people.map((person) => person.close()))
    expect(events.find((event) => event.room.name === room && event.closesRoom !== undefined)).toMatchObject({ closesRoom: 'dismissed' })
  })

  test('sound and picture are blocked and let in again, also over a new session', async () => {
    const room = String(base + 2)
    await Promise.all([join('alice', room), join('bob', room)])
    const tracks = async () => {
      const snapshot = (await system.server.rooms.calls.list()).find((one) => one.room.name === room)
      return snapshot?.participants
        .find(({ userId }) => userId === 'alice')
        ?.tracks.map(({ kind }) => kind)
        .toSorted()
    }
    await vi.waitFor(async () => expect(await tracks()).toEqual(['camera', 'microphone']))
    const block = (IsMute: number) => call(sdk, 'SetUserBlocked', { RoomId: base + 2, UserId: 'alice', IsMute })
    await block(3)
    expect(await tracks()).toEqual(['microphone'])
    await block(2)
    expect(await tracks()).toEqual(['camera'])
    await block(1)
    expect(await tracks()).toEqual([])
    await call(sdk, 'RemoveUser', { RoomId: base + 2, UserIds: ['alice'] })
    await vi.waitFor(() => expect(told(room).filter((line) => line.startsWith('alice joined'))).toHaveLength(2), { timeout: 8_000 })
    await block(3)
    await vi.waitFor(async () => expect(await tracks()).toEqual(['microphone']), { timeout: 5_000 })
    await block(0)
    await vi.waitFor(async () => expect(await tracks()).toEqual(['camera', 'microphone']), { timeout: 5_000 })
    expect(await refusal(call(sdk, 'SetUserBlocked', { RoomId: base + 2, UserId: 'carol', IsMute: 1 }))).toMatchObject({
      code: 'FailedOperation.UserNotExist',
    })
  })

  test('history names the room, its people and their clients', async () => {
    const room = String(base + 3)
    const startedAt = nowSec()
    const alice = await join('alice', room)
    await join('bob', room)
    await alice.close()
    const span = { StartTime: startedAt - 60, EndTime: nowSec() + 60 }
    const rooms = await vi.waitFor(async () => {
      const found = await call(sdk, 'DescribeRoomInfo', { ...span, RoomId: room })
      expect(found).toMatchObject({ Total: 1, RoomList: [{ RoomString: room, UserId: 'alice', IsFinished: false }] })
      return found
    })
    const [{ CommId, CreateTime }] = rooms['RoomList'] as [{ CommId: string; CreateTime: number }]
    expect(CommId).toBe(`${system.sdkAppId}_${room}_${CreateTime}`)
    expect(CreateTime).toBeGreaterThanOrEqual(startedAt)
    const users = await vi.waitFor(async () => {
      const found = await call(sdk, 'DescribeUserInfo', { ...span, CommId })
      expect(found).toMatchObject({ Total: 2, UserList: [{ Finished: true }, { Finished: false }] })
      return found
    })
    expect(users['UserList']).toMatchObject([
      { UserId: 'alice', RoomStr: room, ClientIp: '127.0.0.1' },
      { UserId: 'bob', RoomStr: room, ClientIp: '127.0.0.1' },
    ])
    expect(await call(sdk, 'DescribeUserInfo', { ...span, CommId, UserIds: ['bob'], PageSize: 1 })).toMatchObject({ Total: 1 })
    expect(await call(sdk, 'DescribeRoomInfo', { ...span, RoomId: room, PageNumber: 1 })).toMatchObject({ Total: 1, RoomList: [] })
  })

  test.each([
    ['RemoveUser', { RoomId: 0, UserIds: ['a'] }, 'InvalidParameter.RoomId', /RoomId is "?0"?;/],
    ['RemoveUser', { RoomId: 77, UserIds: ['a'] }, 'FailedOperation.RoomNotExist', '"77"'],
    ['RemoveUser', { RoomId: 77, UserIds: Array.from({ length: 11 }, (_, n) => `u${n}`) }, 'InvalidParameter.UserIds', 'at most 10'],
    ['RemoveUser', { RoomId: 77, UserIds: ['a b'] }, 'InvalidParameter.UserIds', 'UserIds.0'],
    ['RemoveUserByStrRoomId', { RoomId: 'raum ä', UserIds: ['a'] }, 'InvalidParameter.RoomId', 'raum ä'],
    ['RemoveUserByStrRoomId', { UserIds: ['a'] }, 'MissingParameter', 'RoomId'],
    ['DismissRoom', { RoomId: 77 }, 'FailedOperation.RoomNotExist', '"77"'],
    ['DismissRoom', { SdkAppId: 5, RoomId: 77 }, 'InvalidParameter.SdkAppId', '5'],
    ['SetUserBlocked', { RoomId: 77, UserId: 'a', IsMute: 4 }, 'InvalidParameter', /IsMute is "?4"?; it must be one of 0, 1, 2, 3/],
    ['SetUserBlocked', { RoomId: 77, UserId: 'a b', IsMute: 1 }, 'InvalidParameter.UserId', 'UserId is "a b"'],
    ['SetUserBlockedByStrRoomId', { RoomId: 'x', UserId: 'a', IsMute: 1 }, 'FailedOperation.RoomNotExist', '"x"'],
    ['DescribeRoomInfo', { StartTime: 1, EndTime: 2 }, 'InvalidParameter.StartTsOversize', '14 days'],
    ['DescribeRoomInfo', { StartTime: nowSec(), EndTime: nowSec() - 1 }, 'InvalidParameter.EndTs', 'EndTime'],
    ['DescribeRoomInfo', { StartTime: nowSec() - 86_401, EndTime: nowSec() }, 'InvalidParameter.QueryScaleOversize', '24 hours'],
    [
      'DescribeRoomInfo',
      { StartTime: nowSec(), EndTime: nowSec(), PageSize: 101 },
      'InvalidParameter.PageSizeOversize',
      /PageSize is "?101"?; it must be an integer from 1 to 100/,
    ],
    [
      'DescribeRoomInfo',
      { StartTime: nowSec(), EndTime: nowSec(), PageSize: 0 },
      'InvalidParameter.PageSize',
      /PageSize is "?0"?; it must be an integer from 1 to 100/,
    ],
    [
      'DescribeUserInfo',
      { CommId: '1_2_3', StartTime: nowSec(), EndTime: nowSec(), UserIds: Array.from({ length: 101 }, (_, n) => `u${n}`) },
      'InvalidParameter.UserIdsMorethanSix',
      'at most 100',
    ],
    ['DescribeUserInfo', { CommId: 'x', StartTime: nowSec(), EndTime: nowSec() }, 'InvalidParameter', 'CommId'],
    [
      'DescribeUserInfo',
      { CommId: '1_2_3', StartTime: nowSec() - 14_401, EndTime: nowSec() },
      'InvalidParameter.QueryScaleOversize',
      '4 hours',
    ],
  ])('%s %j is refused', async (action, parameters, code, said) => {
    const error = await refusal(call(sdk, action, parameters))
    expect(error).toMatchObject({ code })
    expect(error.message).toMatch(said)
  })
})

// A flattened request cannot say it.
test('an empty list of users is refused', async () => {
  expect(await refusal(call('mainland', 'RemoveUser', { RoomId: 77, UserIds: [] }))).toMatchObject({
    code: 'InvalidParameter.UserIds',
    message: expect.stringContaining('1 to 10'),
  })
})

test('a removed robot takes its task with it; a dismissed room leaves the task to its idle clock', async () => {
  const start = (room: string) =>
    LiveMix.start(system, {
      ...mixRequest(system, room, ['rtmp://127.0.0.1:9/live/none'], null),
      AudioParams: { AudioEncode: audioEncode },
    })
  const inRoom = (room: string) => vi.waitFor(() => expect(told(room)).toContain(`mix_${room} joined voluntary`), { timeout: 8_000 })
  const [removed, idle] = await Promise.all([start('301'), start('302')])
  await Promise.all([inRoom('301'), inRoom('302')])
  const alice = await join('alice', '302')
  await call('mainland', 'DismissRoom', { RoomId: 302 })
  await alice.close()
  await call('mainland', 'RemoveUser', { RoomId: 301, UserIds: ['mix_301'] })
  await vi.waitFor(async () => expect(await removed.view()).toMatchObject({ state: 'ended', endReason: 'robot_removed' }), {
    timeout: 8_000,
  })
  await vi.waitFor(async () => expect(await idle.view()).toMatchObject({ state: 'idle' }), { timeout: 8_000 })
  await idle.stop()
})
