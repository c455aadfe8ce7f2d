// The H.264 encoder, judged by ffprobe on what it wrote.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { VideoEncoder } from '../../src/engine/encoders/video-encoder.ts'
import type { EncodedPacket } from '../../src/engine/media.ts'
import type { VideoEncodeSpec } from '../../src/mix/mix-spec.ts'
import { ffprobe, keyFrameDistances } from './ffprobe.ts'
import { writeFlvFile } from './flv-file.ts'
import { blankPicture, encodePictures } from './test-clip.ts'

let directory: string
beforeAll(async () => void (directory = await mkdtemp(join(tmpdir(), 'video-encoder-'))))
afterAll(() => rm(directory, { recursive: true, force: true }))

const spec: VideoEncodeSpec = { widthPx: 320, heightPx: 180, fps: 15, bitRateKbps: 500, gopSec: 2 }

/** Noise that moves: costs whatever bit rate is allowed. */
function noisyPictures({ widthPx, heightPx }: VideoEncodeSpec): (index: number) => ReturnType<typeof blankPicture> {
  const frame = blankPicture(widthPx, heightPx)
  const luma = frame.data?.[0] ?? Buffer.alloc(0)
  let seed = 1
  return () => {
    for (let at = 0; at < luma.length; at++) luma[at] = 16 + (((seed = (seed * 1103515245 + 12345) & 0x7fffffff) >> 16) % 200)
    return frame
  }
}

async function encode(
  encoder: VideoEncoder,
  count: number,
  each: (index: number) => { frame: ReturnType<typeof blankPicture>; force?: boolean },
): Promise<EncodedPacket[]> {
  const packets: EncodedPacket[] = []
  for (let index = 0; index < count; index++) {
    const { frame, force = false } = each(index)
    const packet = await encoder.encode(frame, (index * 1000) / spec.fps, force)
    if (packet !== null) packets.push(packet)
  }
  return packets
}

const keyFrames = (packets: readonly EncodedPacket[]): number[] => packets.flatMap((packet, index) => (packet.isKeyFrame ? [index] : []))
const kbps = (packets: readonly EncodedPacket[]): number =>
  (packets.reduce((sum, packet) => sum + packet.data.length, 0) * 8) / ((packets.length / spec.fps) * 1000)

test('every picture comes out at once, in BT.709 limited range, with exact key frame distances', async () => {
  const { config, packets } = await encodePictures(spec, 6, 0)
  const file = join(directory, 'plain.flv')
  await writeFlvFile(file, config, null, packets)
  const probe = await ffprobe(file)
  expect(probe.video).toMatchObject({
    codec_name: 'h264',
    profile: 'High',
    width: 320,
    height: 180,
    color_space: 'bt709',
    color_range: 'tv',
    nb_read_frames: '90',
  })
  expect(keyFrameDistances(probe)).toEqual([30, 30])
  expect(probe.complaints).toBe('')
})

test.each([
  { widthPx: 2, heightPx: 2, fps: 1, bitRateKbps: 1, gopSec: 1 },
  { widthPx: 1920, heightPx: 1080, fps: 60, bitRateKbps: 10_000, gopSec: 5 },
  { widthPx: 1080, heightPx: 1920, fps: 7, bitRateKbps: 1500, gopSec: 3 },
])('$widthPx x $heightPx at $fps fps and $bitRateKbps kbps', async (extreme) => {
  const frames = Math.min(4, extreme.fps + 1)
  const { config, packets } = await encodePictures(extreme, frames / extreme.fps, 0)
  const file = join(directory, `${extreme.widthPx}.flv`)
  await writeFlvFile(file, config, null, packets)
  expect((await ffprobe(file)).video).toMatchObject({ width: extreme.widthPx, height: extreme.heightPx, nb_read_frames: String(frames) })
})

test('a forced key frame starts the count anew, a new GOP counts from the last key frame', async () => {
  const encoder = VideoEncoder.open(spec, { threads: 1 })
  const frame = blankPicture(spec.widthPx, spec.heightPx)
  const packets = await encode(encoder, 100, (index) => {
    if (index === 50) encoder.setGop(1)
    return { frame, force: index === 40 }
  })
  expect(keyFrames(packets)).toEqual([0, 30, 40, 55, 70, 85])
  encoder.close()
})

test('a cut in the picture makes no key frame', async () => {
  const encoder = VideoEncoder.open(spec, { threads: 1 })
  const [dark, bright] = [blankPicture(spec.widthPx, spec.heightPx), blankPicture(spec.widthPx, spec.heightPx)]
  bright.data?.[0]?.fill(200)
  expect(keyFrames(await encode(encoder, 30, (index) => ({ frame: index % 10 < 5 ? dark : bright })))).toEqual([0])
  encoder.close()
})

test('the bit rate is kept, and follows down and up while running', async () => {
  const encoder = VideoEncoder.open(spec, { threads: 1 })
  const picture = noisyPictures(spec)
  const packets = await encode(encoder, 180, (index) => {
    if (index === 60) encoder.setBitRate(200)
    if (index === 120) encoder.setBitRate(1500)
    return { frame: picture(index) }
  })
  const measured = [packets.slice(15, 60), packets.slice(80, 120), packets.slice(140, 180)].map(kbps)
  for (const [index, wanted] of [500, 200, 1500].entries()) {
    expect(measured[index]).toBeGreaterThan(wanted * 0.75)
    expect(measured[index]).toBeLessThan(wanted * 1.25)
  }
  const file = join(directory, 'rates.flv')
  await writeFlvFile(file, encoder.config, null, packets)
  const probe = await ffprobe(file)
  expect([probe.video?.nb_read_frames, probe.complaints]).toEqual(['180', ''])
  encoder.close()
})

test('one picture of the right size at a time; closing waits for the one in flight', async () => {
  const encoder = VideoEncoder.open(spec, { threads: 1 })
  const frame = blankPicture(spec.widthPx, spec.heightPx)
  const first = encoder.encode(frame, 7.5, false)
  await expect(encoder.encode(frame, 8, false)).rejects.toThrow('one picture at a time')
  await expect(VideoEncoder.open(spec, { threads: 1 }).encode(blankPicture(640, 360), 0, false)).rejects.toThrow(
    'pictures of 320 x 180 (got 640 x 360)',
  )
  encoder.close()
  encoder.close()
  expect(await first).toMatchObject({ kind: 'video', timestampMs: 7.5, isKeyFrame: true })
  await expect(encoder.encode(frame, 9, false)).rejects.toThrow('closed')
})
