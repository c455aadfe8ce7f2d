import { afterEach, beforeEach, expect, test } from 'vitest'
import type { RoomRef } from '../mix/room.ts'
import { openStore, type Store } from './store.ts'

const DAY_MS = 86_400_000
const lobby: RoomRef = { appId: 1, kind: 'string', name: 'lobby' }
const everything = { from: 0, to: 10 * DAY_MS, skip: 0, take: 100 }
const stay = (userId: string, joinedAt: number) => ({ userId, joinedAt, clientAddress: '192.0.2.7', userAgent: 'OBS' })

let store: Store
beforeEach(async () => {
  store = await openStore(':memory:')
})
afterEach(() => store.close())

const open = (id: string, openedAt: number, room = lobby) => store.roomHistory.opened({ id, room, openedBy: 'alice', openedAt })
const roomIds = async (slice: Partial<typeof everything> = {}, name: string | null = null, appId = 1) =>
  (await store.roomHistory.rooms(appId, name, { ...everything, ...slice })).rooms.map(({ id }) => id)

test('a room and its stays, from the first entry to the last exit', async () => {
  const { roomHistory } = store
  await open('a', 1_000)
  await roomHistory.joined('a', stay('alice', 1_000))
  await roomHistory.joined('a', stay('bob', 2_000))
  await roomHistory.left('a', 'alice', 3_000)
  await roomHistory.joined('a', stay('alice', 4_000))
  expect(await roomHistory.rooms(1, null, everything)).toEqual({
    total: 1,
    rooms: [{ id: 'a', room: lobby, openedBy: 'alice', openedAt: 1_000, closedAt: null }],
  })
  await roomHistory.left('a', 'alice', 5_000)
  await roomHistory.left('a', 'bob', 6_000)
  await roomHistory.closed('a', 6_000)
  expect((await roomHistory.rooms(1, null, everything)).rooms[0]?.closedAt).toBe(6_000)
  const { total, roomName, stays } = await roomHistory.stays(1, 'a', [], everything)
  expect([total, roomName]).toEqual([3, 'lobby'])
  expect(stays.map(({ userId, joinedAt, leftAt }) => [userId, joinedAt, leftAt])).toEqual([
    ['alice', 1_000, 3_000],
    ['bob', 2_000, 6_000],
    ['alice', 4_000, 5_000],
  ])
  expect(stays[0]).toMatchObject({ clientAddress: '192.0.2.7', userAgent: 'OBS' })
})

test('a span finds what was there at any moment of it, newest rooms first, a page at a time', async () => {
  await open('a', 1_000)
  await store.roomHistory.closed('a', 2_000)
  await open('b', 3_000)
  await open('c', 5_000, { ...lobby, name: 'hall' })
  await open('other', 5_000, { ...lobby, appId: 2 })
  expect(await roomIds()).toEqual(['c', 'b', 'a'])
  expect(await roomIds({ from: 2_000, to: 2_500 })).toEqual(['a'])
  expect(await roomIds({ from: 2_001, to: 2_999 })).toEqual([])
  expect(await roomIds({ from: 4_000, to: 4_000 })).toEqual(['b'])
  expect(await roomIds({}, 'lobby')).toEqual(['b', 'a'])
  expect(await roomIds({}, null, 2)).toEqual(['other'])
  expect(await store.roomHistory.rooms(1, null, { ...everything, skip: 1, take: 1 })).toMatchObject({ total: 3, rooms: [{ id: 'b' }] })
})

test('stays are found by user and by application', async () => {
  await open('a', 1_000)
  for (const [index, userId] of ['alice', 'bob', 'carol'].entries()) await store.roomHistory.joined('a', stay(userId, 1_000 + index))
  await store.roomHistory.left('a', 'alice', 2_000)
  const users = async (appId: number, userIds: string[], slice: Partial<typeof everything> = {}) =>
    (await store.roomHistory.stays(appId, 'a', userIds, { ...everything, ...slice })).stays.map(({ userId }) => userId)
  expect(await users(1, [])).toEqual(['alice', 'bob', 'carol'])
  expect(await users(1, ['carol', 'alice', 'dave'])).toEqual(['alice', 'carol'])
  expect(await users(1, [], { from: 2_001 })).toEqual(['bob', 'carol'])
  expect(await users(1, [], { skip: 1, take: 1 })).toEqual(['bob'])
  expect(await users(2, [])).toEqual([])
})

test('what a server left open ended when it was last seen', async () => {
  const { roomHistory } = store
  await open('ended', 1_000)
  await roomHistory.joined('ended', stay('alice', 1_000))
  await roomHistory.left('ended', 'alice', 1_500)
  await roomHistory.closed('ended', 1_500)
  await open('a', 2_000)
  await roomHistory.joined('a', stay('alice', 2_000))
  await roomHistory.seen(32_000)
  await open('b', 33_000)
  await roomHistory.joined('b', stay('bob', 33_000))
  await roomHistory.endForgotten()
  const ends = async (id: string) => (await roomHistory.stays(1, id, [], everything)).stays.map(({ leftAt }) => leftAt)
  expect([await ends('ended'), await ends('a'), await ends('b')]).toEqual([[1_500], [32_000], [33_000]])
  expect((await roomHistory.rooms(1, null, everything)).rooms.map(({ closedAt }) => closedAt)).toEqual([33_000, 32_000, 1_500])
})

test('what ended long ago is forgotten, what is open is kept', async () => {
  const { roomHistory } = store
  await open('old', 1_000)
  await roomHistory.joined('old', stay('alice', 1_000))
  await roomHistory.left('old', 'alice', 2_000)
  await roomHistory.closed('old', 2_000)
  await open('long', 1_000)
  await roomHistory.joined('long', stay('alice', 1_000))
  await roomHistory.left('long', 'alice', 2_000)
  await roomHistory.joined('long', stay('bob', 1_000))
  await roomHistory.prune(DAY_MS)
  expect(await roomIds()).toEqual(['long'])
  expect((await roomHistory.stays(1, 'long', [], everything)).stays.map(({ userId }) => userId)).toEqual(['bob'])
  expect((await roomHistory.stays(1, 'old', [], everything)).total).toBe(0)
})
