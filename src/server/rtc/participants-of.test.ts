import { expect, test } from 'vitest'
import { RoomsUnavailable } from './rooms-process.ts'
import { participantsOf } from './participants-of.ts'

const room = { appId: 1, kind: 'number', name: '1' } as const
const track = (kind: 'camera' | 'screen' | 'microphone') => ({ kind, codec: 'vp8', bitRateKbps: 1, packetsLost: 0 })
const list = async () => [
  { room: { ...room, kind: 'string' as const }, participants: [{ userId: 'other', joinedAt: 1, isRobot: false, tracks: [] }] },
  {
    room,
    participants: [
      { userId: 'late', joinedAt: 9, isRobot: false, tracks: [track('screen')] },
      { userId: 'robot', joinedAt: 1, isRobot: true, tracks: [] },
      { userId: 'early', joinedAt: 2, isRobot: false, tracks: [track('camera'), track('microphone')] },
    ],
  },
]

test('those of the very room, in order of entry, without robots', async () => {
  expect(await participantsOf(() => ({ list }))(room)).toEqual([
    { room, userId: 'early', sendsCamera: true, sendsScreen: false, sendsAudio: true },
    { room, userId: 'late', sendsCamera: false, sendsScreen: true, sendsAudio: false },
  ])
})

test('nobody while there is no rooms process', async () => {
  const calls = () => {
    throw new RoomsUnavailable()
  }
  expect(await participantsOf(calls)(room)).toEqual([])
  expect(await participantsOf(() => ({ list: async () => Promise.reject(new Error('died')) }))(room)).toEqual([])
})
