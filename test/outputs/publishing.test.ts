// What real RTMP servers receive from us, judged by ffprobe.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { OutputHub } from '../../src/engine/outputs/output-hub.ts'
import { freePort } from '../support/free-port.ts'
import { startNginxRtmp, type NginxRtmp } from '../support/nginx-rtmp.ts'
import { ffprobe, keyFrameDistances } from './ffprobe.ts'
import { startLiveFeed } from './live-feed.ts'
import { startMediaServer, type MediaServer } from './media-server.ts'
import { encodePictures, makeTestClip, type TestClip } from './test-clip.ts'

const CLIP_SEC = 4
let directory: string
let nginx: NginxRtmp
let mediaServer: MediaServer
let clip: TestClip

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'publishing-'))
  ;[nginx, mediaServer, clip] = await Promise.all([startNginxRtmp(), startMediaServer(directory), makeTestClip(CLIP_SEC)])
})
afterAll(async () => {
  await Promise.all([nginx.stop(), mediaServer.stop()])
  await rm(directory, { recursive: true, force: true })
})

/** Connects, then hands over the clip at once; its key frames make that a valid stream. */
async function publish(url: string, { video, audio, packets }: TestClip, ca?: string): Promise<void> {
  const states: string[] = []
  const hub = new OutputHub({
    onStatus: ({ state }) => states.push(state),
    now: Date.now,
    random: Math.random,
    ...(ca === undefined ? {} : { tls: { ca } }),
  })
  hub.configure(video, audio)
  hub.setOutputs([{ url, billing: 'third-party-cdn' }])
  await vi.waitFor(() => expect(states).toContain('running'), { timeout: 10_000 })
  for (const packet of packets) hub.send(packet)
  await hub.close()
  // Before it is up, a server may refuse once.
  expect([...new Set(states)]).toEqual(['connecting', 'running', 'disconnecting', 'idle'])
}

async function expectWholeClip(file: string): Promise<void> {
  const probe = await ffprobe(file)
  expect(probe.video).toMatchObject({ codec_name: 'h264', width: 320, height: 180, nb_read_frames: String(CLIP_SEC * 15) })
  expect(probe.audio).toMatchObject({
    codec_name: 'aac',
    sample_rate: '48000',
    channels: 2,
    nb_read_frames: String(clip.packets.length - CLIP_SEC * 15),
  })
  expect(keyFrameDistances(probe)).toEqual([15, 15, 15])
  expect(Math.abs(probe.durationSec - CLIP_SEC)).toBeLessThan(0.1)
  expect(probe.complaints).toBe('')
}

test('nginx records the whole clip', async () => {
  await publish(nginx.url('whole?token=abc'), clip)
  await expectWholeClip(nginx.recording('whole'))
})

test('node-media-server records the whole clip, over RTMP', async () => {
  await publish(mediaServer.url('plain'), clip)
  await expectWholeClip(await mediaServer.recording('plain'))
})

test('node-media-server records the whole clip, over RTMPS', async () => {
  await publish(mediaServer.secureUrl('secure'), clip, mediaServer.certificate)
  await expectWholeClip(await mediaServer.recording('secure'))
})

test("ffmpeg's own server receives the whole clip", async () => {
  const port = await freePort()
  const file = join(directory, 'ffmpeg.flv')
  const url = `rtmp://127.0.0.1:${port}/live/key`
  const ffmpeg = spawn('ffmpeg', ['-v', 'error', '-listen', '1', '-f', 'flv', '-i', url, '-c', 'copy', '-f', 'flv', file], {
    stdio: 'ignore',
  })
  const exited = once(ffmpeg, 'exit')
  await publish(url, clip)
  await exited
  await expectWholeClip(file)
})

test('a certificate nobody vouches for is refused', async () => {
  const errors: (string | null)[] = []
  const hub = new OutputHub({ onStatus: ({ error }) => errors.push(error), now: Date.now, random: Math.random })
  hub.setOutputs([{ url: mediaServer.secureUrl('secretKey'), billing: 'third-party-cdn' }])
  await vi.waitFor(() => expect(errors).toContain("The server's certificate is not trusted."))
  await hub.close()
})

test('timestamps beyond 24 bits arrive as they are', async () => {
  const late = await makeTestClip(2, 2 ** 24 - 1000)
  await publish(nginx.url('late'), late)
  const probe = await ffprobe(nginx.recording('late'))
  expect(probe.video?.nb_read_frames).toBe('30')
  const times = probe.packets.filter((packet) => packet.codec_type === 'video').map((packet) => Number(packet.dts_time))
  const distances = times.slice(1).map((time, index) => time - (times[index] ?? 0))
  expect(Math.max(...distances)).toBeLessThan(0.07)
  expect(Math.min(...distances)).toBeGreaterThan(0.06)
})

test('sound alone starts at any packet', async () => {
  const packets = clip.packets.filter((packet) => packet.kind === 'audio')
  const states: string[] = []
  const hub = new OutputHub({ onStatus: ({ state }) => states.push(state), now: Date.now, random: Math.random })
  hub.configure(null, clip.audio)
  hub.setOutputs([{ url: nginx.url('sound'), billing: 'third-party-cdn' }])
  await vi.waitFor(() => expect(states).toContain('running'))
  for (const packet of packets) hub.send(packet)
  await hub.close()
  const probe = await ffprobe(nginx.recording('sound'))
  expect([probe.video, probe.audio?.nb_read_frames]).toEqual([undefined, String(packets.length)])
})

test('another picture size goes on over the same connection', async () => {
  const bigger = await encodePictures({ widthPx: 640, heightPx: 360, fps: 15, bitRateKbps: 800, gopSec: 1 }, 2, CLIP_SEC * 1000)
  const states: string[] = []
  const hub = new OutputHub({ onStatus: ({ state }) => states.push(state), now: Date.now, random: Math.random })
  hub.configure(clip.video, clip.audio)
  hub.setOutputs([{ url: nginx.url('sizes'), billing: 'third-party-cdn' }])
  await vi.waitFor(() => expect(states).toContain('running'))
  for (const packet of clip.packets) hub.send(packet)
  hub.configure(bigger.config, clip.audio)
  for (const packet of bigger.packets) hub.send(packet)
  await hub.close()
  expect(states).toEqual(['connecting', 'running', 'disconnecting', 'idle'])
  const probe = await ffprobe(nginx.recording('sizes'))
  expect([probe.video?.nb_read_frames, probe.complaints]).toEqual(['90', ''])
})

test('an output added later begins with a key frame, one removed ends alone', async () => {
  const feed = startLiveFeed({ clip, clipMs: CLIP_SEC * 1000, urls: [nginx.url('first')] })
  const [first, second] = [nginx.url('first'), nginx.url('second')]
  await vi.waitFor(() => expect(feed.sent.length).toBeGreaterThan(90), { timeout: 5000 })
  feed.hub.setOutputs([first, second].map((url) => ({ url, billing: 'third-party-cdn' })))
  await vi.waitFor(() => expect(feed.hub.stats()[1]?.framesSent).toBeGreaterThan(50), { timeout: 5000 })
  feed.hub.setOutputs([{ url: second, billing: 'third-party-cdn' }])
  await vi.waitFor(() => expect(feed.statesOf(first)).toEqual(['connecting', 'running', 'disconnecting', 'idle']))
  await feed.close()
  expect(feed.statesOf(second)).toEqual(['connecting', 'running', 'disconnecting', 'idle'])
  const probe = await ffprobe(nginx.recording('second'))
  expect(probe.packets.find((packet) => packet.codec_type === 'video')?.flags).toMatch(/^K/)
  expect(probe.complaints).toBe('')
})

test('closing while nobody answers takes half a second at most', async () => {
  const silent = net.createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const hub = new OutputHub({ onStatus: () => {}, now: Date.now, random: Math.random })
  hub.setOutputs([{ url: `rtmp://127.0.0.1:${(silent.address() as net.AddressInfo).port}/live/key`, billing: 'third-party-cdn' }])
  await once(silent, 'connection')
  const startedAt = performance.now()
  await hub.close()
  expect(performance.now() - startedAt).toBeLessThan(800)
  silent.close()
})
