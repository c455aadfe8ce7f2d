// The AAC encoder, judged by FFmpeg's decoder on what it wrote.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { AudioEncoder } from '../../src/engine/encoders/audio-encoder.ts'
import type { EncodedPacket } from '../../src/engine/media.ts'
import type { AudioEncodeSpec } from '../../src/mix/mix-spec.ts'
import { decodeSound, ffprobe } from './ffprobe.ts'
import { writeFlvFile } from './flv-file.ts'
import { encodeTone } from './test-clip.ts'

let directory: string
beforeAll(async () => void (directory = await mkdtemp(join(tmpdir(), 'audio-encoder-'))))
afterAll(() => rm(directory, { recursive: true, force: true }))

const spec: AudioEncodeSpec = { codec: 'aac-lc', sampleRateHz: 48000, channels: 2, bitRateKbps: 64 }
const ratesHz = [48000, 44100, 32000, 24000, 16000, 8000] as const

test.each(ratesHz.flatMap((sampleRateHz) => ([1, 2] as const).map((channels) => ({ sampleRateHz, channels }))))(
  '$sampleRateHz Hz in $channels channel(s)',
  async ({ sampleRateHz, channels }) => {
    const { config, packets } = encodeTone({ ...spec, sampleRateHz, channels, bitRateKbps: 48 }, 3, 0)
    const file = join(directory, `${sampleRateHz}-${channels}.flv`)
    await writeFlvFile(file, null, config, packets)
    const probe = await ffprobe(file)
    expect(probe.audio).toMatchObject({
      codec_name: 'aac',
      profile: 'LC',
      sample_rate: String(sampleRateHz),
      channels,
      nb_read_frames: String(packets.length),
    })
    expect(probe.complaints).toBe('')
    const sound = await decodeSound(file, sampleRateHz)
    expect(frequencyHz(sound.subarray(sampleRateHz, 2 * sampleRateHz), sampleRateHz)).toBeCloseTo(440, -1)
    expect(Math.max(...sound.subarray(sampleRateHz, 2 * sampleRateHz))).toBeCloseTo(0.3, 1)
  },
)

test.each([48000, 44100, 16000] as const)('at %i Hz a beep is heard when it was said', async (sampleRateHz) => {
  const beepAtSec = 1.234
  const encoder = AudioEncoder.open({ ...spec, sampleRateHz })
  const packets: EncodedPacket[] = []
  for (let start = 0; start < 2 * sampleRateHz; start += encoder.frameSize) {
    const chunk = Float32Array.from({ length: encoder.frameSize }, (_, offset) => {
      const sec = (start + offset) / sampleRateHz
      return sec < beepAtSec ? 0 : 0.5 * Math.sin(2 * Math.PI * 1000 * sec)
    })
    packets.push(...encoder.encode(chunk, chunk, (start * 1000) / sampleRateHz))
  }
  const file = join(directory, `beep-${sampleRateHz}.flv`)
  await writeFlvFile(file, null, encoder.config, packets)
  const sound = await decodeSound(file, sampleRateHz)
  const heardAtSec = sound.findIndex((sample) => Math.abs(sample) > 0.25) / sampleRateHz
  expect(Math.abs(heardAtSec - beepAtSec)).toBeLessThan(0.003)
  encoder.close()
})

test('timestamps are those of the samples, from the first one on', () => {
  const { packets } = encodeTone(spec, 1, 5000)
  expect(packets.slice(0, 3).map((packet) => packet.timestampMs)).toEqual([5000, 5000 + 1024 / 48, 5000 + 2048 / 48])
})

test.each([
  [{ ...spec, bitRateKbps: 8 }, 8],
  [{ ...spec, bitRateKbps: 128 }, 128],
  [{ ...spec, sampleRateHz: 16000, channels: 1, bitRateKbps: 24 } as const, 24],
])('the bit rate is kept: %j', (asked, wantedKbps) => {
  const { packets } = encodeTone(asked, 5, 0)
  const kbps = (packets.reduce((sum, packet) => sum + packet.data.length, 0) * 8) / 5000
  expect(kbps).toBeLessThan(wantedKbps * 1.15)
})

test('more than AAC can carry is lowered, and said', () => {
  const encoder = AudioEncoder.open({ ...spec, sampleRateHz: 8000, channels: 1, bitRateKbps: 500 })
  expect([encoder.config.bitRateKbps, encoder.note]).toEqual([48, 'AAC at 8000 Hz with 1 channel(s) carries at most 48 kbps (got 500).'])
  encoder.close()
  const fits = AudioEncoder.open({ ...spec, bitRateKbps: 500 })
  expect([fits.config.bitRateKbps, fits.note]).toEqual([500, null])
  fits.close()
})

test('mono is the mean of left and right', async () => {
  const encoder = AudioEncoder.open({ ...spec, channels: 1 })
  const packets: EncodedPacket[] = []
  for (let frame = 0; frame < 60; frame++) {
    const tone = Float32Array.from(
      { length: encoder.frameSize },
      (_, at) => 0.4 * Math.sin((2 * Math.PI * 440 * (frame * encoder.frameSize + at)) / 48000),
    )
    packets.push(...encoder.encode(tone, new Float32Array(encoder.frameSize), (frame * encoder.frameSize) / 48))
  }
  const file = join(directory, 'mono.flv')
  await writeFlvFile(file, null, encoder.config, packets)
  const sound = await decodeSound(file, 48000)
  expect(Math.max(...sound.subarray(24000, 48000))).toBeCloseTo(0.2, 1)
  encoder.close()
})

test('another number of samples is refused', () => {
  const encoder = AudioEncoder.open(spec)
  expect(() => encoder.encode(new Float32Array(10), new Float32Array(10), 0)).toThrow('takes 1024 samples at a time (got 10 and 10)')
  encoder.close()
  encoder.close()
})

/** By counting upward zero crossings. */
function frequencyHz(sound: Float32Array, sampleRateHz: number): number {
  let crossings = 0
  for (let at = 1; at < sound.length; at++) if ((sound[at - 1] ?? 0) < 0 && (sound[at] ?? 0) >= 0) crossings += 1
  return (crossings * sampleRateHz) / sound.length
}
