import { expect, test, vi } from 'vitest'
import type { TrackKind } from '../feed/messages.ts'
import type { ExitReason, RoomEvent } from './ipc.ts'
import { Room, type Occupant } from './room.ts'
import { Track } from './track.ts'

const ref = { appId: 1, kind: 'number', name: '1' } as const

function setUp() {
  const events: RoomEvent[] = []
  const room = new Room(
    ref,
    (event) => events.push(event),
    () => 1_000,
  )
  /** A session as rooms makes it: told to leave, it leaves. */
  const session = (userId: string, isRobot = false): Occupant => {
    const occupant: Occupant = {
      replaced: () => room.leave(userId, occupant, 'removed'),
      removed: () => room.leave(userId, occupant, 'removed'),
    }
    room.enter(userId, occupant, isRobot)
    return occupant
  }
  const track = (userId: string, kind: TrackKind): Track => {
    const added = new Track({
      user: { room: ref, userId },
      kind,
      codec: kind === 'camera' ? 'vp8' : 'opus',
      clockRateHz: 1,
      parameters: '',
    })
    room.addTrack(added)
    return added
  }
  const told = () => events.splice(0).map(({ room: _room, at: _at, isRobot: _isRobot, userId, type, ...detail }) => [userId, type, detail])
  const tracks = (userId: string) => [...(room.participant(userId)?.tracks ?? [])].map(({ kind }) => kind)
  return { room, session, track, told, tracks }
}

test('the first person opens the room and the last one closes it; robots do neither', () => {
  const { room, session, told } = setUp()
  const robot = session('robot', true)
  const alice = session('alice')
  const bob = session('bob')
  room.leave('alice', alice, 'voluntary')
  room.leave('bob', bob, 'timeout')
  room.leave('robot', robot, 'voluntary')
  expect(told()).toEqual([
    ['robot', 'joined', { reason: 'voluntary' }],
    ['alice', 'joined', { reason: 'voluntary', opensRoom: true }],
    ['bob', 'joined', { reason: 'voluntary' }],
    ['alice', 'left', { reason: 'voluntary' }],
    ['bob', 'left', { reason: 'timeout', closesRoom: 'empty' }],
    ['robot', 'left', { reason: 'voluntary' }],
  ])
})

test.each<[ExitReason, string]>([
  ['timeout', 'timeout-retry'],
  ['voluntary', 'voluntary'],
  ['removed', 'voluntary'],
])('whoever left by %s comes back by %s, once', (exit, entry) => {
  const { room, session, told } = setUp()
  session('bob')
  room.leave('alice', session('alice'), exit)
  told()
  room.leave('alice', session('alice'), 'voluntary')
  session('alice')
  expect(told().filter(([, type]) => type === 'joined')).toEqual([
    ['alice', 'joined', { reason: entry }],
    ['alice', 'joined', { reason: 'voluntary' }],
  ])
})

test('a person takes the place of a robot of the same name', () => {
  const { session, told } = setUp()
  session('mix', true)
  session('mix')
  expect(told()).toEqual([
    ['mix', 'joined', { reason: 'voluntary' }],
    ['mix', 'left', { reason: 'removed', replaced: true }],
    ['mix', 'joined', { reason: 'voluntary', opensRoom: true }],
  ])
})

test('removing ends all sessions of one participant', () => {
  const { room, session, told } = setUp()
  session('alice')
  session('alice')
  session('bob')
  told()
  expect(room.remove('carol', '')).toBe(false)
  expect(room.remove('alice', '')).toBe(true)
  expect(told()).toEqual([['alice', 'left', { reason: 'removed' }]])
})

test('dismissing makes everybody leave but robots, and lifts blocks', () => {
  const { room, session, track, told, tracks } = setUp()
  const removed = vi.fn<() => void>()
  room.enter('robot', { replaced: () => {}, removed }, true)
  for (const userId of ['alice', 'bob']) session(userId)
  room.setBlocked('alice', { audio: true, video: true })
  told()
  room.dismiss()
  expect(told()).toEqual([
    ['alice', 'left', { reason: 'removed' }],
    ['bob', 'left', { reason: 'removed', closesRoom: 'dismissed' }],
  ])
  expect(removed).not.toHaveBeenCalled()
  session('alice')
  track('alice', 'camera')
  expect(tracks('alice')).toEqual(['camera'])
})

test('a block takes tracks away and keeps later ones out; lifted, they come back', () => {
  const { room, session, track, told, tracks } = setUp()
  const heard: string[] = []
  room.listen({
    joined: () => {},
    left: () => {},
    trackAdded: ({ kind }) => heard.push(`+${kind}`),
    trackRemoved: ({ kind }) => heard.push(`-${kind}`),
  })
  session('alice')
  track('alice', 'camera')
  const microphone = track('alice', 'microphone')
  told()
  expect(room.setBlocked('alice', { audio: false, video: true })).toBe(true)
  expect(told()).toEqual([['alice', 'track-removed', { track: 'camera' }]])
  const screen = track('alice', 'screen')
  track('alice', 'screen-audio')
  expect(tracks('alice')).toEqual(['microphone', 'screen-audio'])
  room.setBlocked('alice', { audio: true, video: false })
  expect(tracks('alice')).toEqual(['camera', 'screen'])
  // A withheld track that ends was not there, so nobody hears of it.
  told()
  room.removeTrack(microphone)
  expect(told()).toEqual([])
  room.removeTrack(screen)
  room.setBlocked('alice', { audio: false, video: false })
  expect(tracks('alice')).toEqual(['camera', 'screen-audio'])
  expect(heard).toEqual([
    '+camera',
    '+microphone',
    '-camera',
    '+screen-audio',
    '-microphone',
    '-screen-audio',
    '+camera',
    '+screen',
    '-screen',
    '+screen-audio',
  ])
})

test('a block holds while the user is away, and can be lifted meanwhile', () => {
  const { room, session, track, tracks } = setUp()
  session('bob')
  expect(room.setBlocked('alice', { audio: false, video: true })).toBe(false)
  const first = session('alice')
  room.setBlocked('alice', { audio: false, video: true })
  room.leave('alice', first, 'timeout')
  const second = session('alice')
  track('alice', 'camera')
  expect(tracks('alice')).toEqual([])
  room.leave('alice', second, 'timeout')
  expect(room.setBlocked('alice', { audio: false, video: false })).toBe(true)
  session('alice')
  track('alice', 'camera')
  expect(tracks('alice')).toEqual(['camera'])
})
