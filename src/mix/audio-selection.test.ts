import { expect, test } from 'vitest'
import { audioGains, MAX_VOICES } from './audio-selection.ts'
import type { AudioSpec } from './mix-spec.ts'
import type { Participant } from './participants.ts'
import { userKey, type RoomRef } from './room.ts'

const room: RoomRef = { appId: 1, kind: 'number', name: '295066' }
const user = (userId: string, sendsAudio = true): Participant => ({ room, userId, sendsAudio, sendsCamera: true, sendsScreen: false })
const key = (userId: string): string => userKey({ room, userId })
const audio = (lists: Partial<Pick<AudioSpec, 'allow' | 'block'>>): AudioSpec => ({
  encode: { codec: 'aac-lc', sampleRateHz: 48000, channels: 2, bitRateKbps: 64 },
  allow: null,
  block: [],
  ...lists,
})

test('everybody who sends sound is heard at full level without lists', () => {
  expect(audioGains(audio({}), [user('a'), user('b', false), user('c')])).toEqual(
    new Map([
      [key('a'), 1],
      [key('c'), 1],
    ]),
  )
})

test('an allowlist selects and sets levels; the blocklist wins', () => {
  const lists = {
    allow: [
      { room, userId: 'a', level: 0.5 },
      { room, userId: 'b', level: 1 },
    ],
    block: [{ room, userId: 'b' }],
  }
  expect(audioGains(audio(lists), [user('a'), user('b'), user('c')])).toEqual(new Map([[key('a'), 0.5]]))
})

test('the same name in another room is somebody else', () => {
  const other: RoomRef = { ...room, kind: 'string' }
  expect(audioGains(audio({ allow: [{ room: other, userId: 'a', level: 1 }] }), [user('a')]).size).toBe(0)
})

test('the latest entrants are left out beyond sixteen voices', () => {
  const everybody = Array.from({ length: 20 }, (_, index) => user(`u${index}`))
  const gains = audioGains(audio({}), everybody)
  expect(gains.size).toBe(MAX_VOICES)
  expect(gains.has(key('u15'))).toBe(true)
  expect(gains.has(key('u16'))).toBe(false)
})
