import { expect, test } from 'vitest'
import { ManualTimers } from '../../../test/support/manual-timers.ts'
import type { TrackKind } from '../../feed/messages.ts'
import type { RoomEvent } from '../../rooms/ipc.ts'
import type { CallbackEvent } from '../../trtc/callbacks/callback-event.ts'
import { RoomReporter } from './room-reporter.ts'

const room = { appId: 1400188366, kind: 'number', name: '295066' } as const

function setUp() {
  const timers = new ManualTimers()
  const told: { type: number; info: { UserId?: string; Reason?: number; EventMsTs: number } }[] = []
  const reporter = new RoomReporter({
    events: { record: ({ type, info }: CallbackEvent) => void told.push({ type, info: info as (typeof told)[0]['info'] }) },
    timers,
  })
  const say = (userId: string, type: RoomEvent['type'], more: Partial<RoomEvent> = {}): void =>
    reporter.event({ room, userId, type, at: timers.now(), isRobot: false, ...more })
  return {
    timers,
    reporter,
    told,
    types: () => told.map(({ type }) => type),
    joined: (userId: string, more: Partial<RoomEvent> = {}) => say(userId, 'joined', more),
    left: (userId: string, more: Partial<RoomEvent> = {}) => say(userId, 'left', more),
    adds: (userId: string, track: TrackKind) => say(userId, 'track-added', { track }),
    drops: (userId: string, track: TrackKind) => say(userId, 'track-removed', { track }),
  }
}

test('the first to enter creates the room, the last to leave dismisses it, in rising times', () => {
  const { joined, left, told, types } = setUp()
  joined('alice', { opensRoom: true })
  joined('bob', { reason: 'timeout-retry' })
  left('alice', { reason: 'timeout' })
  left('bob', { reason: 'removed', closesRoom: 'dismissed' })
  expect(types()).toEqual([101, 103, 103, 104, 104, 102])
  expect(told.map(({ info }) => [info.UserId, info.Reason])).toEqual([
    ['alice', undefined],
    ['alice', 1],
    ['bob', 3],
    ['alice', 2],
    ['bob', 3],
    [undefined, undefined],
  ])
  const ofBob = told.filter(({ info }) => info.UserId !== 'alice').map(({ info }) => info.EventMsTs)
  expect(ofBob).toEqual([...new Set(ofBob)].toSorted((a, b) => a - b))
})

test('tracks start and stop; both kinds of sound are one', () => {
  const { joined, adds, drops, types, timers } = setUp()
  joined('alice')
  for (const track of ['camera', 'microphone', 'screen', 'screen-audio'] as const) adds('alice', track)
  expect(types()).toEqual([103, 201, 203, 205])
  drops('alice', 'microphone')
  timers.advance(1000)
  expect(types()).toHaveLength(4)
  drops('alice', 'screen-audio')
  drops('alice', 'camera')
  drops('alice', 'screen')
  expect(types()).toHaveLength(4)
  timers.advance(1000)
  expect(types().slice(4)).toEqual([204, 202, 206])
})

test('leaving fires 104 alone', () => {
  const { joined, adds, drops, left, types, timers } = setUp()
  joined('alice')
  adds('alice', 'camera')
  adds('alice', 'microphone')
  drops('alice', 'camera')
  drops('alice', 'microphone')
  left('alice')
  timers.advance(1000)
  expect(types()).toEqual([103, 201, 203, 104])
})

test('a track that comes again right away was stopped first', () => {
  const { joined, adds, drops, types, timers } = setUp()
  joined('alice')
  adds('alice', 'camera')
  drops('alice', 'camera')
  adds('alice', 'camera')
  timers.advance(1000)
  expect(types()).toEqual([103, 201, 202, 201])
})

test('robots are not told of, and rooms that die let everybody go', () => {
  const { joined, adds, left, reporter, types, told } = setUp()
  joined('robot', { isRobot: true })
  joined('alice', { opensRoom: true })
  joined('bob')
  adds('alice', 'camera')
  left('robot', { isRobot: true })
  reporter.down()
  left('alice')
  expect(types()).toEqual([101, 103, 103, 201, 104, 104, 102])
  expect(told.filter(({ type }) => type === 104).map(({ info }) => info.Reason)).toEqual([2, 2])
  joined('alice', { opensRoom: true })
  expect(types().slice(7)).toEqual([101, 103])
})

test('what is held back when the server ends is told', () => {
  const { joined, adds, drops, reporter, types, timers } = setUp()
  joined('alice')
  adds('alice', 'camera')
  drops('alice', 'camera')
  reporter.close()
  timers.advance(1000)
  expect(types()).toEqual([103, 201, 202])
})
