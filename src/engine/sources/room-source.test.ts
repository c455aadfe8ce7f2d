import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { ffmpeg, ivfFrames, oggPackets } from '../../../test/support/encoded-media.ts'
import { FakeFeed } from '../../../test/support/fake-feed.ts'
import { packetizeVp8, RtpStream } from '../../../test/support/packetize.ts'
import type { RoomsMessage, TrackKind } from '../../feed/messages.ts'
import { RoomSource } from './room-source.ts'

const room = { appId: 1, kind: 'number', name: '5' } as const
const ALICE = '1/number/5/alice'
const BOB = '1/number/5/bob'
const size = { widthPx: 160, heightPx: 120 }
const joined = (userId: string, isRobot = false): RoomsMessage => ({ type: 'joined', room, userId, at: 0, isRobot })
const added = (trackId: number, userId: string, kind: TrackKind): RoomsMessage => {
  const isPicture = kind === 'camera' || kind === 'screen'
  return { type: 'track-added', trackId, room, userId, kind, codec: isPicture ? 'vp8' : 'opus', clockRateHz: isPicture ? 90_000 : 48_000 }
}

let pictures: Buffer[]
let tone: Buffer[]
let feed: FakeFeed
let source: RoomSource
let nowMs: number
let changes: number
let removed: string[]

beforeAll(() => {
  pictures = ivfFrames(
    ffmpeg([
      '-f',
      'lavfi',
      '-i',
      'testsrc2=size=160x120:rate=25',
      '-frames:v',
      '50',
      '-c:v',
      'libvpx',
      '-deadline',
      'realtime',
      '-auto-alt-ref',
      '0',
      '-f',
      'ivf',
      '-',
    ]),
  )
  tone = oggPackets(ffmpeg(['-f', 'lavfi', '-i', 'sine=frequency=500:sample_rate=48000:duration=2', '-c:a', 'libopus', '-f', 'ogg', '-']))
})

beforeEach(async () => {
  feed = new FakeFeed()
  nowMs = 1000
  changes = 0
  removed = []
  feed.entered = () =>
    feed.say(
      ...([
        { type: 'entered' },
        joined('alice'),
        added(1, 'alice', 'camera'),
        added(2, 'alice', 'microphone'),
        joined('robot', true),
      ] satisfies RoomsMessage[]),
    )
  await feed.listen()
  source = new RoomSource({
    address: feed.address,
    taskId: 'task',
    robot: { room, userId: 'robot' },
    userSig: 'signature',
    changed: () => (changes += 1),
    removed: (reason, detail) => removed.push(`${reason}: ${detail}`),
    now: () => nowMs,
  })
})

afterEach(async () => {
  source.close()
  await feed.close()
})

const until = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 5000, interval: 2 })
const requests = (): string[] => feed.requests.slice(1).map((request) => `${request.type} ${'trackId' in request ? request.trackId : ''}`)

test('tracks are subscribed to when wanted, whether present or to come, and left when not', async () => {
  source.want(new Map([[`${ALICE}/camera`, size]]), new Map([[BOB, 1]]))
  await until(() =>
    expect(source.participants()).toEqual([{ room, userId: 'alice', sendsCamera: true, sendsScreen: false, sendsAudio: true }]),
  )
  await until(() => expect(requests()).toEqual(['want-size 1', 'subscribe 1', 'key-frame 1']))
  feed.say(joined('bob'), added(3, 'bob', 'microphone'), added(4, 'bob', 'screen-audio'), added(5, 'bob', 'camera'))
  await until(() => expect(requests().slice(3)).toEqual(['subscribe 3', 'subscribe 4']))
  source.want(new Map([[`${ALICE}/camera`, { widthPx: 320, heightPx: 240 }]]), new Map())
  await until(() => expect(requests().slice(5)).toEqual(['unsubscribe 3', 'unsubscribe 4', 'want-size 1']))
  expect(changes).toBeGreaterThanOrEqual(6)
})

test('pictures and sound come out, aligned by sender reports, and are counted', async () => {
  source.want(new Map([[`${ALICE}/camera`, size]]), new Map([[ALICE, 0.5]]))
  await until(() => expect(requests()).toContain('subscribe 2'))
  const video = new RtpStream()
  const audio = new RtpStream({ ssrc: 9 })
  feed.say(
    { type: 'clock', trackId: 1, ntpMs: 1e12, rtpTimestamp: 90_000 },
    { type: 'clock', trackId: 2, ntpMs: 1e12, rtpTimestamp: 48_000 },
  )
  let shown = 0
  let peak = 0
  let received = 0
  for (let step = 0; step < 50; step++) {
    nowMs = 1000 + step * 20
    feed.media(2, audio.frame([tone[step]!], 48_000 + step * 960, false)[0]!)
    received += 1
    if (step % 2 === 0) {
      const packets = video.frame(packetizeVp8(pictures[step / 2]!, step), 90_000 + step * 1800)
      for (const packet of packets) feed.media(1, packet)
      received += packets.length
    }
    await until(() => expect(source.stats().reduce((sum, { packets }) => sum + packets, 0)).toBe(received))
    for (const [key, frame] of source.pictures(nowMs)) {
      expect([key, frame.width, frame.height]).toEqual([`${ALICE}/camera`, 160, 120])
      shown += 1
    }
    const { left } = source.mixInto(nowMs, 960)
    peak = left.reduce((most, sample) => Math.max(most, Math.abs(sample)), peak)
  }
  expect(shown).toBe(22)
  expect([...source.streams()]).toEqual([`${ALICE}/camera`])
  // ffmpeg's sine has an eighth of full scale; halved by the gain.
  expect(peak).toBeGreaterThan(0.055)
  expect(peak).toBeLessThan(0.07)
  expect(source.levels().get(ALICE)).toBeGreaterThan(60)
  expect(source.underruns).toBe(0)
  expect(source.stats()).toMatchObject([
    { userId: 'alice', kind: 'camera', codec: 'vp8', packetsLost: 0, framesDecoded: 25, widthPx: 160, heightPx: 120 },
    { userId: 'alice', kind: 'microphone', codec: 'opus', packets: 50, framesDecoded: 50 },
  ])
  feed.say({ type: 'track-removed', trackId: 1 })
  await until(() => expect(source.streams().size).toBe(0))
  source.want(new Map(), new Map())
  expect(Math.abs(source.mixInto(nowMs + 20, 960).left.at(-1)!)).toBe(0)
  expect([source.levels().size, source.stats().length]).toEqual([0, 0])
})

test('without the rooms process nobody is there, until it is back', async () => {
  source.want(new Map([[`${ALICE}/camera`, size]]), new Map())
  await until(() => expect(requests()).toContain('subscribe 1'))
  await feed.die()
  await until(() => expect(source.participants()).toEqual([]))
  expect(source.stats()).toEqual([])
  const before = changes
  feed.requests.length = 0
  await feed.listen()
  await until(() => expect(requests()).toContain('subscribe 1'))
  expect(source.participants().length).toBe(1)
  expect(changes).toBeGreaterThan(before)
})

test('a removed robot is reported and hears nobody any more', async () => {
  await until(() => expect(source.participants().length).toBe(1))
  feed.say({ type: 'removed', reason: 'replaced', detail: 'task 2 took over' })
  await until(() => expect(removed).toEqual(['replaced: task 2 took over']))
  expect(source.participants()).toEqual([])
})
