import { expect, test } from 'vitest'
import { everyGrant, type Grants } from '../mix/grants.ts'
import type { PictureSource } from '../mix/room.ts'
import type { RoomEvent } from './ipc.ts'
import { Rooms } from './rooms.ts'
import type { TransportHandler } from './transport.ts'

const room = { appId: 1, kind: 'number', name: '1' } as const
const alice = { room, userId: 'alice' }
const media = (kind: string, mid: number, codec: string, direction: string): string[] => [
  `m=${kind} 9 UDP/TLS/RTP/SAVPF ${96 + mid}`,
  'c=IN IP4 0.0.0.0',
  'a=ice-ufrag:frag',
  'a=ice-pwd:word',
  'a=setup:actpass',
  'a=fingerprint:sha-256 AA:BB',
  `a=mid:${mid}`,
  `a=${direction}`,
  `a=rtpmap:${96 + mid} ${codec}`,
]
const offer = (direction: string, kinds: readonly ('audio' | 'video')[] = ['audio', 'video']): string =>
  [
    'v=0',
    'o=- 1 2 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    ...kinds.flatMap((kind, mid) => media(kind, mid, kind === 'audio' ? 'opus/48000/2' : 'VP8/90000', direction)),
    '',
  ].join('\r\n')

function setUp() {
  const events: RoomEvent[] = []
  const handlers: TransportHandler[] = []
  let nowMs = 0
  const rooms = new Rooms({
    createTransport: async (_remote, _candidates, handler) => {
      handlers.push(handler)
      const local = { usernameFragment: 'u', password: 'p', fingerprint: 'sha-256 CC', setup: 'active', candidates: [] }
      return { local, send: () => {}, addCandidate: () => {}, close: () => {} }
    },
    announce: (event) => events.push(event),
    now: () => nowMs,
    unixMs: () => 1_000,
  })
  const pass = (ms: number): void => {
    nowMs += ms
    rooms.tick(nowMs)
  }
  const left = () => events.filter(({ type }) => type === 'left').map(({ userId, reason }) => `${userId} ${reason}`)
  return { rooms, events, handlers, pass, left }
}

/** Which media an answer takes. */
const taken = (answer: Awaited<ReturnType<Rooms['publish']>>): string[] =>
  'refused' in answer ? [answer.refused] : [...answer.answerSdp.matchAll(/^m=(\w+) 9 /gm)].map(([, kind]) => kind!)

test.each<[PictureSource, Partial<Grants>, string[]]>([
  ['camera', {}, ['audio', 'video']],
  ['camera', { sendVideo: false }, ['audio']],
  ['camera', { sendAudio: false }, ['video']],
  ['camera', { sendAudio: false, sendVideo: false }, ['not-granted']],
  ['camera', { sendScreen: false, receiveAudio: false, receiveVideo: false }, ['audio', 'video']],
  ['screen', { sendScreen: false }, ['audio']],
  ['screen', { sendVideo: false }, ['audio', 'video']],
])('publishing %s with grants %j is answered with %j', async (source, lacking, expected) => {
  const { rooms } = setUp()
  expect(taken(await rooms.publish(alice, source, offer('sendonly'), { ...everyGrant, ...lacking }))).toEqual(expected)
})

test.each<[PictureSource, Partial<Grants>, string[]]>([
  ['camera', {}, ['audio', 'video']],
  ['camera', { receiveVideo: false }, ['audio']],
  ['camera', { receiveAudio: false, receiveVideo: false }, ['not-granted']],
  ['camera', { sendAudio: false, sendVideo: false, receiveScreen: false }, ['audio', 'video']],
  ['screen', { receiveScreen: false, receiveAudio: false }, ['not-granted']],
])('playing %s with grants %j is answered with %j', async (source, lacking, expected) => {
  const { rooms } = setUp()
  expect(taken(await rooms.play(alice, source, offer('recvonly'), { ...everyGrant, ...lacking }))).toEqual(expected)
})

test('who may not open a room waits for somebody who may; robots and viewers do not count', async () => {
  const { rooms } = setUp()
  const grants = { ...everyGrant, openRoom: false }
  rooms.room(room).enter('robot', { replaced: () => {}, removed: () => {} }, true)
  expect(await rooms.publish(alice, 'camera', offer('sendonly'), grants)).toMatchObject({ refused: 'not-granted' })
  await rooms.publish({ room, userId: 'bob' }, 'camera', offer('sendonly'), everyGrant)
  expect(taken(await rooms.publish(alice, 'camera', offer('sendonly'), grants))).toEqual(['audio', 'video'])
})

test('a participant is removed with all sessions, a room is dismissed, and what is not there is told', async () => {
  const { rooms, left } = setUp()
  expect([rooms.removeUser(alice), rooms.dismissRoom(room), rooms.setBlocked(alice, { audio: true, video: true })]).toEqual([
    'no-room',
    false,
    'no-room',
  ])
  await rooms.publish(alice, 'camera', offer('sendonly'), everyGrant)
  await rooms.publish(alice, 'screen', offer('sendonly', ['video']), everyGrant)
  await rooms.publish({ room, userId: 'bob' }, 'camera', offer('sendonly'), everyGrant)
  expect([rooms.removeUser({ room, userId: 'carol' }), rooms.removeUser(alice)]).toEqual(['no-user', 'removed'])
  expect(left()).toEqual(['alice removed'])
  expect(rooms.publisherCount).toBe(1)
  expect(rooms.dismissRoom(room)).toBe(true)
  expect(left()).toEqual(['alice removed', 'bob removed'])
  expect(rooms.list()).toEqual([])
})

test('goodbyes are told from losses', async () => {
  const { rooms, handlers, pass, left } = setUp()
  const publish = async (userId: string): Promise<TransportHandler> => {
    await rooms.publish({ room, userId }, 'camera', offer('sendonly'), everyGrant)
    return handlers.at(-1)!
  }
  const hangsUp = await publish('hangs-up')
  hangsUp.connected()
  pass(4_000)
  hangsUp.closed()
  const vanishes = await publish('vanishes')
  vanishes.connected()
  pass(14_000)
  vanishes.closed()
  const silent = await publish('silent')
  silent.connected()
  pass(15_001)
  await publish('never-comes')
  pass(15_001)
  const deletes = await rooms.publish({ room, userId: 'deletes' }, 'camera', offer('sendonly'), everyGrant)
  if ('refused' in deletes) throw new Error(deletes.message)
  rooms.close(deletes.sessionId)
  expect(left()).toEqual(['hangs-up voluntary', 'vanishes timeout', 'silent timeout', 'never-comes timeout', 'deletes voluntary'])
})

test('a later session of the same participant replaces the earlier one without leaving or joining', async () => {
  const { rooms, events } = setUp()
  await rooms.publish(alice, 'camera', offer('sendonly'), everyGrant)
  await rooms.publish(alice, 'camera', offer('sendonly'), everyGrant)
  expect(events.map(({ type }) => type)).toEqual(['joined'])
  expect(rooms.publisherCount).toBe(1)
})
