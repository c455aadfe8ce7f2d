// Destinations that misbehave: the others lose nothing, and the broken one is back soon after its server.
import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { OutputState } from '../../src/engine/ipc.ts'
import { decodeAmf0 } from '../../src/engine/outputs/amf0.ts'
import { OutputHub } from '../../src/engine/outputs/output-hub.ts'
import { messageType } from '../../src/engine/outputs/rtmp/message.ts'
import { writeMessage } from '../../src/engine/outputs/rtmp/chunk-writer.ts'
import { freePort } from '../support/free-port.ts'
import { startNginxRtmp, type NginxRtmp } from '../support/nginx-rtmp.ts'
import { startFakeServer, type FakeBehaviour, type FakeServer } from './fake-server.ts'
import { ffprobe, keyFrameDistances } from './ffprobe.ts'
import { startLiveFeed, type LiveFeed, type LiveFeedOptions } from './live-feed.ts'
import { makeTestClip, type TestClip } from './test-clip.ts'

const CLIP_MS = 4000
/** Of ours: what is promised. */
const BACK_WITHIN_MS = 3000
/** Shorter than in production, so that tests are; retries are those of production. */
const timing = { connectTimeoutMs: 600, answerTimeoutMs: 600, stallTimeoutMs: 1000 }

let clip: TestClip
/** Many bytes, so that a server that stops reading is noticed through the kernel's buffers. */
let wideClip: TestClip
let good: NginxRtmp
let feed: LiveFeed | undefined
let fake: FakeServer | undefined

beforeAll(async () => {
  clip = await makeTestClip(CLIP_MS / 1000)
  wideClip = {
    ...clip,
    packets: clip.packets.map((packet) => (packet.kind === 'video' ? { ...packet, data: Buffer.concat([packet.data, filler]) } : packet)),
  }
})
beforeEach(async () => void (good = await startNginxRtmp()))
afterEach(async () => {
  await feed?.close()
  await fake?.close()
  await good.stop()
  feed = undefined
  fake = undefined
})

/** One NAL unit of filler data (type 12). */
const filler = ((): Buffer => {
  const nal = Buffer.alloc(4 + 60_000, 0xff)
  nal.writeUInt32BE(60_000)
  nal[4] = 12
  nal[nal.length - 1] = 0x80
  return nal
})()

const feedTo = (url: string, more: Partial<LiveFeedOptions> = {}): LiveFeed =>
  (feed = startLiveFeed({ clip, clipMs: CLIP_MS, urls: [good.url('good'), url], timing, ...more }))

async function expectGoodIsWhole(): Promise<void> {
  const { hub, statesOf } = feed as LiveFeed
  expect(hub.stats()[0]).toMatchObject({ state: 'running', framesDropped: 0, reconnects: 0 })
  await feed?.close()
  expect(statesOf(good.url('good'))).toEqual(['connecting', 'running', 'disconnecting', 'idle'])
  const probe = await ffprobe(good.recording('good'))
  const pictures = (feed as LiveFeed).sent.filter((packet) => packet.kind === 'video').length
  expect(probe.video?.nb_read_frames).toBe(String(pictures))
  expect(keyFrameDistances(probe).filter((distance) => distance !== 15)).toEqual([])
}

const errorsOf = (url: string): string[] =>
  (feed as LiveFeed).statuses.filter((one) => one.url === url).flatMap(({ error }) => (error === null ? [] : [error]))
const stateOf = (url: string): OutputState | undefined => (feed as LiveFeed).statesOf(url).at(-1)

/** Faults of a server, what is said of them, and the state they leave the output in. */
const faults: { fault: FakeBehaviour; says: string; state: OutputState; wide?: boolean }[] = [
  { fault: 'black hole', says: 'No answer from the server while handshaking for 0.6 s.', state: 'connecting' },
  { fault: 'mute after handshake', says: 'No answer from the server while joining for 0.6 s.', state: 'connecting' },
  {
    fault: 'reject connect',
    says: 'The server refused the stream (NetConnection.Connect.Rejected: No such application.).',
    state: 'connecting',
  },
  { fault: 'reject publish', says: 'The server refused the stream (NetStream.Publish.BadName).', state: 'connecting' },
  { fault: 'not rtmp', says: 'The server does not speak RTMP: RTMP version 72 instead of 3.', state: 'connecting' },
  { fault: 'reset', says: 'The server reset the connection.', state: 'recovering' },
  { fault: 'stall', says: 'The server stopped taking data.', state: 'recovering', wide: true },
]

test.each(faults)(
  '$fault: the other output loses nothing, this one is back when its server is',
  async ({ fault, says, state, wide = false }) => {
    fake = await startFakeServer(fault)
    const { url } = fake
    feedTo(url, wide ? { clip: wideClip } : {})
    await vi.waitFor(() => expect(errorsOf(url)).toContain(says), { timeout: 15_000, interval: 10 })
    expect((feed as LiveFeed).statuses.find((one) => one.error === says)?.state).toBe(state)
    fake.behaviour = 'accept'
    fake.messages.length = 0
    await vi.waitFor(() => expect(stateOf(url)).toBe('running'), { timeout: BACK_WITHIN_MS, interval: 10 })
    await vi.waitFor(() => expect(fake?.messages.some((message) => message.type === messageType.video && message.body[1] === 1)).toBe(true))
    expectFreshStart(fake)
    expect(JSON.stringify(errorsOf(url))).not.toContain('secretKey')
    await expectGoodIsWhole()
  },
)

/** The newest connection began with metadata, both headers and a key frame. */
function expectFreshStart({ messages }: FakeServer): void {
  const start = messages.findLastIndex((message) => message.type === messageType.data)
  const [, video, audio, first] = messages.slice(start)
  expect(video?.body.subarray(0, 2)).toEqual(Buffer.of(0x17, 0))
  expect(audio?.body.subarray(0, 2)).toEqual(Buffer.of(0xaf, 0))
  expect(first?.body.subarray(0, 2)).toEqual(Buffer.of(0x17, 1))
}

test('a server that falls behind goes on with a key frame, on the same connection', async () => {
  fake = await startFakeServer('stall')
  const { url, messages } = fake
  const hub = new OutputHub({ onStatus: () => {}, now: Date.now, random: Math.random, timing: { ...timing, stallTimeoutMs: 60_000 } })
  hub.configure(wideClip.video, wideClip.audio)
  hub.setOutputs([{ url, billing: 'third-party-cdn' }])
  await vi.waitFor(() => expect(hub.stats()[0]?.state).toBe('running'))
  // A minute at once: far more than kernel and queue hold.
  const minute = Array.from({ length: 15 }, (_, round) =>
    wideClip.packets.map((one) => ({ ...one, timestampMs: one.timestampMs + round * CLIP_MS })),
  ).flat()
  for (const packet of minute) {
    hub.send(packet)
    if (packet.isKeyFrame && packet.kind === 'video') await setImmediate()
  }
  expect(hub.stats()[0]?.queueBytes).toBeLessThan(17 << 20)
  fake.resume()
  await vi.waitFor(() => expect(hub.stats()[0]?.queueBytes).toBe(0), { timeout: 10_000 })
  const [stats] = hub.stats()
  expect(stats?.framesDropped).toBeGreaterThan(0)
  expect(stats?.reconnects).toBe(0)
  await hub.close()
  const pictures = messages.filter((message) => message.type === messageType.video && message.body[1] === 1)
  const afterGaps = pictures.filter((message, index) => message.timestampMs - (pictures[index - 1]?.timestampMs ?? 0) > 100)
  expect(afterGaps.length).toBeGreaterThan(0)
  expect(afterGaps.every((message) => message.body[0] === 0x17)).toBe(true)
})

test('refused: retried within two seconds, again and again, back soon after the server is', async () => {
  const port = await freePort()
  const url = `rtmp://127.0.0.1:${port}/live/secretKey`
  feedTo(url)
  await vi.waitFor(() => expect(errorsOf(url)).toEqual(['The server refused the connection.']))
  fake = await startFakeServer('accept', port)
  await vi.waitFor(() => expect(stateOf(url)).toBe('running'), { timeout: 2000, interval: 10 })
  await fake.close()
  await vi.waitFor(() => expect(errorsOf(url).at(-1)).toBe('The server refused the connection.'), { timeout: 5000 })
  // Far into the back-off.
  await vi.waitFor(() => expect((feed as LiveFeed).sent.length).toBeGreaterThan(400), { timeout: 15_000 })
  fake = await startFakeServer('accept', port)
  await vi.waitFor(() => expect(stateOf(url)).toBe('running'), { timeout: BACK_WITHIN_MS, interval: 10 })
  await expectGoodIsWhole()
})

test('a host name that does not exist', async () => {
  feedTo('rtmp://no-such-host.invalid/live/secretKey')
  await vi.waitFor(() => expect(errorsOf('rtmp://no-such-host.invalid/live/secretKey')[0]).toMatch(/host name/), { timeout: 10_000 })
  await expectGoodIsWhole()
})

test('a server stopped, then killed, then back', async () => {
  let broken = await startNginxRtmp()
  const { port } = broken
  const url = broken.url('broken')
  feedTo(url)
  await vi.waitFor(() => expect((feed as LiveFeed).hub.stats()[1]?.framesSent).toBeGreaterThan(60), { timeout: 5000 })
  broken.pause()
  const sentAtPause = (feed as LiveFeed).sent.length
  await vi.waitFor(() => expect((feed as LiveFeed).sent.length).toBeGreaterThan(sentAtPause + 60), { timeout: 5000 })
  await broken.kill()
  await broken.stop()
  await vi.waitFor(() => expect(stateOf(url)).toBe('recovering'), { timeout: 2000 })
  const sentAtKill = (feed as LiveFeed).sent.length
  await vi.waitFor(() => expect((feed as LiveFeed).sent.length).toBeGreaterThan(sentAtKill + 150), { timeout: 10_000 })
  broken = await startNginxRtmp({ port })
  try {
    await vi.waitFor(() => expect(stateOf(url)).toBe('running'), { timeout: BACK_WITHIN_MS, interval: 10 })
    const { framesSent = 0 } = (feed as LiveFeed).hub.stats()[1] ?? {}
    await vi.waitFor(() => expect((feed as LiveFeed).hub.stats()[1]?.framesSent).toBeGreaterThan(framesSent + 60), { timeout: 5000 })
    expect((feed as LiveFeed).hub.stats()[1]).toMatchObject({ state: 'running', reconnects: 1 })
    await expectGoodIsWhole()
    const probe = await ffprobe(broken.recording('broken'))
    expect(probe.packets.find((packet) => packet.codec_type === 'video')?.flags).toMatch(/^K/)
    expect(probe.complaints).toBe('')
  } finally {
    await broken.stop()
  }
})

test('a server that stands still is noticed by its missing acknowledgements, long before the kernel is full', async () => {
  const broken = await startNginxRtmp()
  try {
    const url = broken.url('still')
    feedTo(url, { clip: wideClip })
    await vi.waitFor(() => expect((feed as LiveFeed).hub.stats()[1]?.bytesSent).toBeGreaterThan(1 << 20), { timeout: 5000 })
    broken.pause()
    await vi.waitFor(() => expect(errorsOf(url)).toEqual(['The server stopped taking data.']), { timeout: timing.stallTimeoutMs + 2000 })
    broken.resume()
    await vi.waitFor(() => expect(stateOf(url)).toBe('running'), { timeout: BACK_WITHIN_MS, interval: 10 })
    await expectGoodIsWhole()
  } finally {
    await broken.stop()
  }
})

test('a name that is taken is asked for until it is free', async () => {
  const first = startLiveFeed({ clip, clipMs: CLIP_MS, urls: [good.url('taken')] })
  await vi.waitFor(() => expect(first.statesOf(good.url('taken')).at(-1)).toBe('running'))
  feedTo(good.url('taken'))
  await vi.waitFor(() => expect(errorsOf(good.url('taken'))[0]).toMatch(/refused the stream|closed/), { timeout: 5000 })
  await first.close()
  await vi.waitFor(() => expect(stateOf(good.url('taken'))).toBe('running'), { timeout: BACK_WITHIN_MS })
  await expectGoodIsWhole()
})

test('without a connection for too long an output has failed, and goes on trying', async () => {
  fake = await startFakeServer('reject publish')
  const { url } = fake
  feedTo(url, { timing: { ...timing, failedAfterMs: 300, firstRetryMs: 50, maxRetryMs: 100 } })
  await vi.waitFor(() => expect(stateOf(url)).toBe('failed'))
  fake.behaviour = 'accept'
  await vi.waitFor(() => expect(stateOf(url)).toBe('running'), { timeout: BACK_WITHIN_MS })
})

test('removed and added again, an output is the new one only', async () => {
  fake = await startFakeServer('accept')
  const { url } = fake
  const both = [good.url('good'), url].map((one) => ({ url: one, billing: 'third-party-cdn' as const }))
  const { hub, statesOf } = feedTo(url)
  await vi.waitFor(() => expect(stateOf(url)).toBe('running'))
  hub.setOutputs(both.slice(0, 1))
  hub.setOutputs(both)
  await vi.waitFor(() => expect(stateOf(url)).toBe('running'))
  await vi.waitFor(() => expect(fake?.commands.filter(([name]) => name === 'deleteStream')).toHaveLength(1))
  expect(statesOf(url)).toEqual(['connecting', 'running', 'disconnecting', 'connecting', 'running'])
  await expectGoodIsWhole()
})

test('commands, pings and acknowledgements are those of the protocol', async () => {
  fake = await startFakeServer('accept')
  feedTo(fake.url)
  await vi.waitFor(() => expect(fake?.messages.some((message) => message.type === messageType.video)).toBe(true), { timeout: 5000 })
  fake.send(writeMessage(2, { type: messageType.windowAckSize, streamId: 0, timestampMs: 0, body: Buffer.of(0, 0, 0, 100) }, 128))
  fake.send(writeMessage(2, { type: messageType.userControl, streamId: 0, timestampMs: 0, body: Buffer.of(0, 6, 1, 2, 3, 4) }, 128))
  await vi.waitFor(() => {
    expect(fake?.messages.find((message) => message.type === messageType.userControl)?.body).toEqual(Buffer.of(0, 7, 1, 2, 3, 4))
    expect(fake?.messages.some((message) => message.type === messageType.acknowledgement)).toBe(true)
  })
  expect(fake.messages.find((message) => message.type === messageType.video)?.streamId).toBe(5)
  expect(decodeAmf0(fake.messages.find((message) => message.type === messageType.data)?.body ?? Buffer.alloc(0))).toEqual([
    '@setDataFrame',
    'onMetaData',
    {
      width: 320,
      height: 180,
      framerate: 15,
      videodatarate: 400,
      videocodecid: 7,
      audiodatarate: 64,
      audiosamplerate: 48000,
      audiosamplesize: 16,
      stereo: true,
      audiocodecid: 10,
      encoder: 'Tributary',
    },
  ])
  await feed?.close()
  await vi.waitFor(() => expect(fake?.commands.at(-1)?.[0]).toBe('deleteStream'))
  expect(fake.commands.map(([name, , , argument]) => [name, argument])).toEqual([
    ['connect', undefined],
    ['releaseStream', 'secretKey'],
    ['FCPublish', 'secretKey'],
    ['createStream', undefined],
    ['publish', 'secretKey'],
    ['FCUnpublish', 'secretKey'],
    ['deleteStream', 5],
  ])
  expect(fake.commands[0]?.[2]).toMatchObject({ app: 'live', tcUrl: fake.url.replace('/secretKey', '') })
})
