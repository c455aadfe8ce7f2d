// Outputs that pause: a polite goodbye, no connection meanwhile, and on from a key frame.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { OutputStatus } from '../../src/engine/ipc.ts'
import type { EncodedPacket } from '../../src/engine/media.ts'
import { OutputHub } from '../../src/engine/outputs/output-hub.ts'
import { messageType } from '../../src/engine/outputs/rtmp/message.ts'
import { startFakeServer, type FakeServer } from './fake-server.ts'

const audio = { audioSpecificConfig: Buffer.of(0x11, 0x90), sampleRateHz: 48000, channels: 2, bitRateKbps: 64 } as const
const video = { avcC: Buffer.of(1, 1), widthPx: 320, heightPx: 180, fps: 15, bitRateKbps: 400 }

let fake: FakeServer
let hub: OutputHub
let said: OutputStatus[]
beforeEach(async () => {
  fake = await startFakeServer('accept')
  said = []
  hub = new OutputHub({ onStatus: (status) => void said.push(status), now: Date.now, random: Math.random })
  hub.configure(video, audio)
})
afterEach(async () => {
  await hub.close()
  await fake.close()
})

const to = (url: string) => [{ url, billing: 'third-party-cdn' }] as const
const stateOf = (index = 0) => hub.stats()[index]?.state
const untilState = (state: string) => vi.waitFor(() => expect(stateOf()).toBe(state), { interval: 5 })
const send = (kind: EncodedPacket['kind'], timestampMs: number, isKeyFrame = kind === 'audio') =>
  hub.send({ kind, timestampMs, data: Buffer.of(0, 0, 0, 1, 9), isKeyFrame })

function sendSecond(fromMs: number): void {
  for (let ms = fromMs; ms < fromMs + 1000; ms += 40) {
    send('video', ms, ms === fromMs)
    send('audio', ms + 1)
  }
}

test('a pause says goodbye, sends nothing, and ends with a key frame on the same counters', async () => {
  hub.setOutputs(to(fake.url))
  await untilState('running')
  sendSecond(0)
  const sent = hub.stats()[0]?.framesSent ?? 0
  expect(sent).toBeGreaterThan(40)

  hub.setOutputs(to(fake.url), true)
  await untilState('idle')
  await vi.waitFor(() => expect(fake.commands.map(([name]) => name)).toContain('deleteStream'))
  expect(said.map(({ state }) => state)).toEqual(['connecting', 'running', 'disconnecting', 'idle'])
  const paused = hub.stats()[0]
  fake.messages.length = 0
  sendSecond(1000)
  expect(hub.stats()[0]).toEqual(paused)
  expect(fake.connections).toBe(1)

  hub.setOutputs(to(fake.url))
  await untilState('running')
  sendSecond(2000)
  await vi.waitFor(() => expect(fake.messages.filter(({ type }) => type === messageType.video).length).toBeGreaterThan(20))
  const pictures = fake.messages.filter(({ type }) => type === messageType.video)
  expect([pictures[0]?.body[1], pictures[1]?.body[0]], 'a header, then a key frame').toEqual([0, 0x17])
  expect(hub.stats()[0]).toMatchObject({ reconnects: 0, framesDropped: 0 })
  expect(hub.stats()[0]?.framesSent).toBeGreaterThan(sent)
})

test('an output that begins paused, and one that is added during a pause, connect when it ends', async () => {
  hub.setOutputs(to(fake.url), true)
  expect(said).toMatchObject([{ url: fake.url, state: 'idle', error: null }])
  const other = await startFakeServer('accept')
  hub.setOutputs(to(other.url), true)
  expect([stateOf(), fake.connections, other.connections]).toEqual(['idle', 0, 0])
  hub.setOutputs(to(other.url))
  await untilState('running')
  expect([fake.connections, other.connections]).toEqual([0, 1])
  await hub.close()
  await other.close()
})

test('pausing and resuming at once ends as asked last', async () => {
  hub.setOutputs(to(fake.url))
  await untilState('running')
  for (const isPaused of [true, false]) hub.setOutputs(to(fake.url), isPaused)
  await vi.waitFor(() => expect(fake.connections).toBe(2))
  await untilState('running')
  for (const isPaused of [true, false, true]) hub.setOutputs(to(fake.url), isPaused)
  await untilState('idle')
  expect(said.at(-1)?.state).toBe('idle')
  expect(fake.connections).toBe(2)
})

test('a pause ends attempts at a server that cannot be reached', async () => {
  const [other, another] = [
    await startFakeServer('reject connect'),
    new OutputHub({ onStatus: () => {}, now: Date.now, random: Math.random }),
  ]
  fake.behaviour = 'reject connect'
  hub.setOutputs(to(fake.url))
  await vi.waitFor(() => expect(said.at(-1)?.error).toMatch(/No such application/))
  hub.setOutputs(to(fake.url), true)
  await untilState('idle')
  const { connections } = fake
  // Another output that is not paused shows how long attempts would have taken.
  another.setOutputs(to(other.url))
  await vi.waitFor(() => expect(other.connections).toBeGreaterThan(2), { timeout: 10_000 })
  await another.close()
  await other.close()
  expect(fake.connections).toBe(connections)
})
