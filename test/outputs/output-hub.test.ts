// What leaves the hub, message by message, at a server that keeps everything.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { EncodedPacket } from '../../src/engine/media.ts'
import { OutputHub } from '../../src/engine/outputs/output-hub.ts'
import { messageType, type RtmpMessage } from '../../src/engine/outputs/rtmp/message.ts'
import { startFakeServer, type FakeServer } from './fake-server.ts'

const audio = { audioSpecificConfig: Buffer.of(0x11, 0x90), sampleRateHz: 48000, channels: 2, bitRateKbps: 64 } as const
const video = { avcC: Buffer.of(1, 1), widthPx: 320, heightPx: 180, fps: 15, bitRateKbps: 400 }
const biggerVideo = { ...video, avcC: Buffer.of(1, 2), widthPx: 640 }

let fake: FakeServer
let hub: OutputHub
beforeEach(async () => {
  fake = await startFakeServer('accept')
  hub = new OutputHub({ onStatus: () => {}, now: Date.now, random: Math.random })
})
afterEach(async () => {
  await hub.close()
  await fake.close()
})

const packet = (kind: EncodedPacket['kind'], timestampMs: number, isKeyFrame = kind === 'audio'): EncodedPacket => ({
  kind,
  timestampMs,
  data: Buffer.of(0, 0, 0, 1, 9),
  isKeyFrame,
})

/** Kind and time of what arrived: `m` metadata, `V` video header, `A` audio header, `K` key frame, `v`, `a`. */
function arrived({ type, body, timestampMs }: RtmpMessage): string {
  if (type === messageType.data) return `m${timestampMs}`
  if (type === messageType.audio) return `${body[1] === 0 ? 'A' : 'a'}${timestampMs}`
  return `${body[1] === 0 ? `V(${body.at(-1)})` : body[0] === 0x17 ? 'K' : 'v'}${timestampMs}`
}

async function connectWith(configured: typeof video | null): Promise<void> {
  hub.configure(configured, audio)
  hub.setOutputs([{ url: fake.url, billing: 'vendor-cdn' }])
  await vi.waitFor(() => expect(hub.stats()[0]?.state).toBe('running'))
  fake.messages.length = 0
}

async function expectArrived(...expected: string[]): Promise<void> {
  await hub.close()
  await vi.waitFor(() => expect(fake.messages.filter(({ type }) => type >= messageType.audio).map(arrived)).toEqual(expected))
}

test('late sound is sent in its place, time never goes back', async () => {
  await connectWith(video)
  for (const one of [packet('video', 0.4, true), packet('video', 66.7), packet('video', 133.3), packet('audio', 5), packet('audio', 26.3)])
    hub.send(one)
  for (const one of [packet('audio', 90), packet('video', 800), packet('audio', 50)]) hub.send(one)
  await expectArrived('m0', 'V(1)0', 'A0', 'K0', 'a5', 'a26', 'v67', 'a90', 'v133', 'a133', 'v800')
})

test('nothing is sent before a key frame', async () => {
  await connectWith(video)
  for (const one of [packet('audio', 0), packet('video', 0), packet('audio', 21), packet('video', 66, true), packet('audio', 70)])
    hub.send(one)
  await expectArrived('m66', 'V(1)66', 'A66', 'K66', 'a70')
})

test('new headers go out with the first key frame that was sent after them', async () => {
  await connectWith(video)
  hub.send(packet('video', 0, true))
  // Still waits for its sound, and belongs to the old headers.
  hub.send(packet('video', 66, true))
  hub.configure(biggerVideo, audio)
  for (const one of [packet('video', 133), packet('video', 200, true), packet('audio', 0), packet('audio', 300)]) hub.send(one)
  await expectArrived('m0', 'V(1)0', 'A0', 'K0', 'a0', 'K66', 'v133', 'm200', 'V(2)200', 'A200', 'K200', 'a300')
})

test('sound alone begins at once', async () => {
  await connectWith(null)
  expect([packet('audio', 10), packet('audio', 31)].map((one) => hub.send(one))).toEqual([true, true])
  await expectArrived('m10', 'A10', 'a10', 'a31')
})

test('whether media was sent is told', async () => {
  await connectWith(video)
  expect(hub.send(packet('audio', 0))).toBe(false)
  expect(hub.send(packet('video', 0, true))).toBe(true)
  await expectArrived('m0', 'V(1)0', 'A0', 'K0', 'a0')
})
