import { expect, test } from 'vitest'
import type { TrackKind } from '../../feed/messages.ts'
import { Roster } from './roster.ts'

const room = { appId: 1, kind: 'number', name: '5' } as const
const joined = (userId: string, isRobot = false) => ({ type: 'joined', room, userId, at: 0, isRobot }) as const
const added = (trackId: number, userId: string, kind: TrackKind) =>
  ({
    type: 'track-added',
    trackId,
    room,
    userId,
    kind,
    codec: kind === 'camera' || kind === 'screen' ? 'vp8' : 'opus',
    clockRateHz: 48_000,
  }) as const

test('participants stand in order of entry with what they send, robots left out', () => {
  const roster = new Roster()
  const changes = [
    joined('b'),
    joined('robot', true),
    joined('a'),
    added(1, 'a', 'camera'),
    added(2, 'b', 'screen-audio'),
    added(3, 'robot', 'camera'),
    joined('b'),
  ]
  expect(changes.map((message) => roster.apply(message))).toEqual([true, false, true, true, true, false, false])
  expect(roster.participants()).toEqual([
    { room, userId: 'b', sendsCamera: false, sendsScreen: false, sendsAudio: true },
    { room, userId: 'a', sendsCamera: true, sendsScreen: false, sendsAudio: false },
  ])
  expect(roster.tracks().map(({ trackId }) => trackId)).toEqual([1, 2])
})

test('tracks and participants go; of a kind sent twice the newest counts', () => {
  const roster = new Roster()
  for (const message of [joined('a'), added(1, 'a', 'camera'), added(4, 'a', 'camera')]) roster.apply(message)
  expect(roster.tracks().map(({ trackId }) => trackId)).toEqual([4])
  expect(roster.apply({ type: 'track-removed', trackId: 1 })).toBe(true)
  expect(roster.apply({ type: 'track-removed', trackId: 1 })).toBe(false)
  expect(roster.participants()[0]?.sendsCamera).toBe(true)
  expect(roster.apply({ type: 'left', room, userId: 'a' })).toBe(true)
  expect(roster.apply({ type: 'left', room, userId: 'a' })).toBe(false)
  expect([roster.participants(), roster.tracks()]).toEqual([[], []])
})

test('sender reports are kept for who subscribes later', () => {
  const roster = new Roster()
  for (const message of [joined('a'), added(1, 'a', 'camera')]) roster.apply(message)
  expect(roster.apply({ type: 'clock', trackId: 1, ntpMs: 5, rtpTimestamp: 6 })).toBe(false)
  expect(roster.tracks()[0]?.clock).toEqual({ ntpMs: 5, rtpTimestamp: 6 })
})
