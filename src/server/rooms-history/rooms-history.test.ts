import { afterEach, beforeEach, expect, test } from 'vitest'
import { ManualTimers } from '../../../test/support/manual-timers.ts'
import { createLogger } from '../../log.ts'
import type { RoomRef } from '../../mix/room.ts'
import type { RoomEvent } from '../../rooms/ipc.ts'
import { openStore, type Store } from '../../store/store.ts'
import { RoomsHistory } from './rooms-history.ts'

const room: RoomRef = { appId: 7, kind: 'number', name: '123' }
const startMs = 1_700_000_000_000
const log = createLogger('test', 'silent')

let store: Store
let timers: ManualTimers
let history: RoomsHistory
const closing: RoomsHistory[] = []

async function startHistory(): Promise<RoomsHistory> {
  const started = new RoomsHistory({ store: store.roomHistory, timers, log })
  closing.push(started)
  await started.start()
  return started
}
beforeEach(async () => {
  store = await openStore(':memory:')
  timers = new ManualTimers(startMs)
  history = await startHistory()
})
afterEach(async () => {
  for (const one of closing.splice(0)) await one.close()
  await store.close()
})

const happens = (userId: string, type: RoomEvent['type'], more: Partial<RoomEvent> = {}, on = history): void =>
  on.event({ room, userId, type, at: timers.now(), isRobot: false, ...more })
const all = { from: 0, to: 2 * startMs, skip: 0, take: 100 }
async function rooms(on = history) {
  await on.settled()
  return (await store.roomHistory.rooms(7, null, all)).rooms.map(({ id, openedAt, closedAt }) => [
    id,
    openedAt - startMs,
    closedAt && closedAt - startMs,
  ])
}
async function stays(id: string, on = history) {
  await on.settled()
  const { stays: found } = await store.roomHistory.stays(7, id, [], all)
  return found.map(({ userId, joinedAt, leftAt, clientAddress }) => [userId, joinedAt - startMs, leftAt && leftAt - startMs, clientAddress])
}

test('each life of a room is an entry, with everybody who was in it and how they came', async () => {
  const arrived = history.arriving({ room, userId: 'alice' }, { address: '192.0.2.1', userAgent: 'OBS' })
  happens('alice', 'joined', { opensRoom: true })
  arrived()
  happens('robot', 'joined', { isRobot: true })
  timers.advance(1_000)
  happens('bob', 'joined')
  happens('alice', 'left')
  timers.advance(1_000)
  happens('bob', 'left', { closesRoom: 'empty' })
  timers.advance(1_000)
  happens('alice', 'joined', { opensRoom: true })
  expect(await rooms()).toEqual([
    ['7_123_1700000003', 3_000, null],
    ['7_123_1700000000', 0, 2_000],
  ])
  expect(await stays('7_123_1700000000')).toEqual([
    ['alice', 0, 1_000, '192.0.2.1'],
    ['bob', 1_000, 2_000, null],
  ])
  expect(await stays('7_123_1700000003')).toEqual([['alice', 3_000, null, null]])
})

test('a client whose offer was answered long ago is not taken for the one of a later entry', async () => {
  const first = history.arriving({ room, userId: 'alice' }, { address: '192.0.2.1', userAgent: null })
  const second = history.arriving({ room, userId: 'alice' }, { address: '192.0.2.2', userAgent: null })
  first()
  happens('alice', 'joined', { opensRoom: true })
  second()
  expect(await stays('7_123_1700000000')).toMatchObject([['alice', 0, null, '192.0.2.2']])
})

test('a room that empties and fills within a second goes on', async () => {
  happens('alice', 'joined', { opensRoom: true })
  happens('alice', 'left', { closesRoom: 'empty' })
  timers.advance(300)
  happens('bob', 'joined', { opensRoom: true })
  expect(await rooms()).toEqual([['7_123_1700000000', 0, null]])
  expect(await stays('7_123_1700000000')).toEqual([
    ['alice', 0, 0, null],
    ['bob', 300, null, null],
  ])
})

test('with the rooms process all rooms end', async () => {
  happens('alice', 'joined', { opensRoom: true })
  timers.advance(10_000)
  history.down()
  expect(await rooms()).toEqual([['7_123_1700000000', 0, 10_000]])
  expect(await stays('7_123_1700000000')).toEqual([['alice', 0, 10_000, null]])
  timers.advance(5_000)
  happens('alice', 'joined', { opensRoom: true })
  expect((await rooms())[0]).toEqual(['7_123_1700000015', 15_000, null])
})

test('after a crash of the server what was open ended when it was last seen', async () => {
  happens('alice', 'joined', { opensRoom: true })
  timers.advance(65_000)
  await history.settled()
  // The crash: nothing more is said. Seen at 0, 30 and 60 s.
  const next = await startHistory()
  expect(await rooms(next)).toEqual([['7_123_1700000000', 0, 60_000]])
  expect(await stays('7_123_1700000000', next)).toEqual([['alice', 0, 60_000, null]])
})

test('what ended is kept for 14 days', async () => {
  happens('alice', 'joined', { opensRoom: true })
  happens('alice', 'left', { closesRoom: 'empty' })
  timers.advance(14 * 86_400_000 - 1)
  expect(await rooms()).toHaveLength(1)
  timers.advance(2 * 3_600_000)
  expect(await rooms()).toEqual([])
})
