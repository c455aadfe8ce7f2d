import type { Frame } from 'node-av/lib'
import { beforeAll, expect, test } from 'vitest'
import { accessUnits, ffmpeg, ivfFrames } from '../../../test/support/encoded-media.ts'
import { packetizeH264, packetizeVp8, RtpStream } from '../../../test/support/packetize.ts'
import { parseRtpPacket } from '../../rtp/packet.ts'
import { PlayoutClock } from './playout-clock.ts'
import { VideoInput } from './video-input.ts'

const FPS = 15
const FRAME_MS = 1000 / FPS
const GOP = 15
const SIZE = 320 * 240 * 1.5
/** Near the wrap of the timestamps. */
const FIRST_TIMESTAMP = 2 ** 32 - 90_000

interface Clip {
  readonly codec: 'h264' | 'vp8'
  /** Payloads of each frame. */
  readonly frames: readonly Buffer[][]
  /** Each frame as ffmpeg decodes it. */
  readonly decoded: readonly Buffer[]
}

const clips: Record<string, Clip> = {}
const source = ['-f', 'lavfi', '-i', `testsrc2=size=320x240:rate=${FPS},noise=alls=12:allf=t`, '-frames:v', '60', '-pix_fmt', 'yuv420p']

const split = (raw: Buffer, size = SIZE): Buffer[] =>
  Array.from({ length: raw.length / size }, (_, index) => raw.subarray(index * size, (index + 1) * size))

beforeAll(() => {
  const x264 = [
    '-c:v',
    'libx264',
    '-profile:v',
    'baseline',
    '-g',
    String(GOP),
    '-bf',
    '0',
    '-threads',
    '1',
    '-x264-params',
    'scenecut=0:repeat-headers=1',
  ]
  const h264 = ffmpeg([...source, ...x264, '-f', 'h264', '-'])
  const vp8 = ffmpeg([
    ...source,
    '-c:v',
    'libvpx',
    '-b:v',
    '1M',
    '-g',
    String(GOP),
    '-deadline',
    'realtime',
    '-auto-alt-ref',
    '0',
    '-f',
    'ivf',
    '-',
  ])
  const raw = (file: Buffer, format: string): Buffer[] =>
    split(ffmpeg(['-f', format, '-i', '-', '-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-'], file))
  clips['h264'] = { codec: 'h264', frames: accessUnits(h264).map(({ units }) => packetizeH264(units)), decoded: raw(h264, 'h264') }
  clips['vp8'] = { codec: 'vp8', frames: ivfFrames(vp8).map((frame, index) => packetizeVp8(frame, index)), decoded: raw(vp8, 'ivf') }
})

/** Pixels without row padding. */
function pixels(frame: Frame): Buffer {
  const rows: Buffer[] = []
  frame.data!.slice(0, 3).forEach((plane, index) => {
    const [width, height] = index === 0 ? [frame.width, frame.height] : [frame.width / 2, frame.height / 2]
    for (let row = 0; row < height; row++)
      rows.push(Buffer.from(plane.subarray(row * frame.linesize[index]!, row * frame.linesize[index]! + width)))
  })
  return Buffer.concat(rows)
}

interface Delivery {
  readonly atMs: number
  readonly bytes: Buffer
}

/** Sends a clip in real time; `deliver` may drop, delay and double packets. */
function play(clip: Clip, deliver: (packet: Buffer, frame: number, index: number, atMs: number) => Delivery[]) {
  const clock = new PlayoutClock()
  const requests: number[] = []
  let nowMs = 0
  const input = new VideoInput({ codec: clip.codec, clockRateHz: 90_000, clock, requestKeyFrame: () => requests.push(nowMs) })
  const stream = new RtpStream()
  const deliveries = clip.frames.flatMap((payloads, frame) =>
    stream
      .frame(payloads, FIRST_TIMESTAMP + frame * (90_000 / FPS))
      .flatMap((packet, index) => deliver(packet, frame, index, frame * FRAME_MS + index)),
  )
  deliveries.sort((a, b) => a.atMs - b.atMs)
  const shown: { atMs: number; picture: Buffer }[] = []
  for (nowMs = 0; nowMs < clip.frames.length * FRAME_MS + 1000; nowMs += 5) {
    while (deliveries[0] !== undefined && deliveries[0].atMs <= nowMs) input.push(parseRtpPacket(deliveries.shift()!.bytes)!, nowMs)
    clock.advance(nowMs)
    const frame = input.takePicture(nowMs)
    if (frame !== null) shown.push({ atMs: nowMs, picture: pixels(frame) })
  }
  input.close()
  input.close()
  return { shown, requests, input, indexes: shown.map(({ picture }) => clip.decoded.findIndex((one) => one.equals(picture))) }
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => from + index)
const asSent = (bytes: Buffer, _frame: number, _index: number, atMs: number): Delivery[] => [{ atMs, bytes }]

test.each(['h264', 'vp8'])('%s: every picture comes out once, evenly, as ffmpeg decodes it', (codec) => {
  const { shown, indexes, requests, input } = play(clips[codec]!, asSent)
  expect(indexes).toEqual(range(0, 60))
  const distances = shown.slice(1).map(({ atMs }, index) => atMs - shown[index]!.atMs)
  expect(Math.max(...distances)).toBeLessThanOrEqual(75)
  expect(Math.min(...distances)).toBeGreaterThanOrEqual(60)
  expect(requests).toEqual([])
  expect(input).toMatchObject({ packetsLost: 0, framesDecoded: 60, widthPx: 320, heightPx: 240 })
})

test.each(['h264', 'vp8'])('%s: reordered, doubled and repaired packets change nothing', (codec) => {
  let seed = 1
  const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647
  const { indexes, requests } = play(clips[codec]!, (bytes, frame, index, atMs) => {
    // The very first packet opens the line: nothing before it is known to be missing.
    if (frame === 0 && index === 0) return [{ atMs, bytes }]
    const delayMs = 1 + random() * (random() < 0.1 ? 60 : 15)
    return [{ atMs: atMs + delayMs, bytes }, ...(random() < 0.1 ? [{ atMs: atMs + delayMs + random() * 100, bytes }] : [])]
  })
  expect(indexes).toEqual(range(0, 60))
  expect(requests).toEqual([])
})

test.each([
  ['h264', 0],
  ['h264', 1],
  ['vp8', 0],
  ['vp8', 1],
])('%s: a lost packet (number %i of frame 20) freezes until the next key frame and shows nothing broken', (codec, lost) => {
  const { indexes, requests, input } = play(clips[codec]!, (bytes, frame, index, atMs) =>
    frame === 20 && index === lost ? [] : [{ atMs, bytes }],
  )
  expect(indexes).toEqual([...range(0, 20), ...range(30, 60)])
  expect(input.packetsLost).toBe(1)
  expect(requests.length).toBeGreaterThanOrEqual(1)
  expect(requests[0]).toBeLessThan(20 * FRAME_MS + 400)
})

test.each(['h264', 'vp8'])('%s: without its first key frame it asks at once and every 500 ms, and shows the next one', (codec) => {
  const { indexes, requests } = play(clips[codec]!, (bytes, frame, _index, atMs) => (frame === 0 ? [] : [{ atMs, bytes }]))
  expect(indexes).toEqual(range(15, 60))
  expect(requests.length).toBe(2)
  expect(requests[0]).toBeLessThan(150)
  expect(requests[1]! - requests[0]!).toBeGreaterThanOrEqual(500)
})

test.each(['h264', 'vp8'])('%s: half a key frame is never shown', (codec) => {
  for (const lost of [0, 1, 2]) {
    const { indexes } = play(clips[codec]!, (bytes, frame, index, atMs) => (frame === 15 && index === lost ? [] : [{ atMs, bytes }]))
    expect(indexes).toEqual([...range(0, 15), ...range(30, 60)])
  }
})

test('a source may change its size', () => {
  const small = ffmpeg([
    '-f',
    'lavfi',
    '-i',
    'testsrc2=size=160x120:rate=15',
    '-frames:v',
    '10',
    '-c:v',
    'libx264',
    '-profile:v',
    'baseline',
    '-pix_fmt',
    'yuv420p',
    '-threads',
    '1',
    '-f',
    'h264',
    '-',
  ])
  const frames = [...clips['h264']!.frames.slice(0, 10), ...accessUnits(small).map(({ units }) => packetizeH264(units))]
  const { shown } = play({ ...clips['h264']!, frames }, asSent)
  expect(shown.map(({ picture }) => picture.length)).toEqual([...Array<number>(10).fill(SIZE), ...Array<number>(10).fill(SIZE / 4)])
})

test('a slow consumer sees the newest picture due and few are held', () => {
  const clock = new PlayoutClock()
  const input = new VideoInput({ codec: 'vp8', clockRateHz: 90_000, clock, requestKeyFrame: () => {} })
  const stream = new RtpStream()
  clips['vp8']!.frames.slice(0, 30).forEach((payloads, frame) => {
    for (const packet of stream.frame(payloads, frame * 6000)) input.push(parseRtpPacket(packet)!, frame * FRAME_MS)
  })
  expect(input.framesDecoded).toBe(4)
  const late = input.takePicture(29 * FRAME_MS + clock.delayMs + 1)
  expect(pixels(late!).equals(clips['vp8']!.decoded[29]!)).toBe(true)
  expect(input.framesDecoded).toBe(30)
  expect(input.takePicture(5000)).toBeNull()
  input.close()
})
