import { expect, test } from 'vitest'
import type { CustomLayoutSpec, MixSpec } from './mix-spec.ts'
import type { Participant } from './participants.ts'
import type { RoomRef } from './room.ts'
import { isAnybodyTakingPart } from './taking-part.ts'

const room: RoomRef = { appId: 1, kind: 'number', name: '7' }
const publisher = (userId: string, sends: Partial<Participant> = { sendsAudio: true }): Participant => ({
  room,
  userId,
  sendsAudio: false,
  sendsCamera: false,
  sendsScreen: false,
  ...sends,
})
const tile = (userId: string | null): CustomLayoutSpec['tiles'][number] => ({
  stream: userId === null ? null : { room, userId, source: 'camera' },
  xPx: 0,
  yPx: 0,
  widthPx: 2,
  heightPx: 2,
  zOrder: 0,
  renderMode: 'crop',
  placeholder: null,
})
const spec = (allow: string[] | null, tiles: (string | null)[] | null): MixSpec => ({
  room,
  robot: { userId: 'robot', userSig: '' },
  maxIdleSec: 30,
  audio: {
    encode: { codec: 'aac-lc', sampleRateHz: 48000, channels: 2, bitRateKbps: 64 },
    allow: allow === null ? null : allow.map((userId) => ({ room, userId, level: 1 })),
    block: [],
  },
  video:
    tiles === null
      ? null
      : {
          encode: { widthPx: 2, heightPx: 2, fps: 15, bitRateKbps: 1, gopSec: 2 },
          layout: { kind: 'custom', tiles: tiles.map(tile) },
          background: { color: 0, pictureUrl: null, renderMode: 'stretch' },
          watermarks: [],
        },
  outputs: [],
})

test.each([
  ['open sound selection: anybody', spec(null, ['a']), ['z'], true],
  ['named sound and tiles: a stranger does not count', spec(['a'], ['b']), ['z'], false],
  ['named in the allowlist', spec(['a'], ['b']), ['a'], true],
  ['named in a tile', spec(['a'], ['b']), ['b'], true],
  ['an unnamed tile opens the selection', spec(['a'], ['b', null]), ['z'], true],
  ['sound only, listed', spec(['a'], null), ['z'], false],
  ['nobody there', spec(null, null), [], false],
] as const)('%s', (_, mix, present, expected) => {
  expect(
    isAnybodyTakingPart(
      mix,
      present.map((userId) => publisher(userId)),
    ),
  ).toBe(expected)
})

test('somebody who listens only takes no part', () => {
  expect(isAnybodyTakingPart(spec(null, null), [publisher('a', {})])).toBe(false)
})
