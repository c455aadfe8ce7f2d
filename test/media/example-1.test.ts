// The vendor's first example, pushed to two addresses of nginx and judged by Debian's FFmpeg.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ownExample, people } from '../../src/demo/demo-mix.ts'
import { LiveMix } from '../support/live-mix.ts'
import { startLiveSystem, type LiveSystem } from '../support/live-system.ts'
import { startNginxRtmp, type NginxRtmp } from '../support/nginx-rtmp.ts'
import { blackMoments, recordedPictures, savePicture, shownTimeCode, type Rect, type Rgb } from '../support/recorded-pictures.ts'
import { recordedSound } from '../support/recorded-sound.ts'
import { ffprobe, keyFrameDistances, type Probe } from '../outputs/ffprobe.ts'
import { isColor } from '../support/picture-phases.ts'

const keys = ['one', 'two'] as const
const runMs = 10_000
const framePeriodMs = 1000 / 15

let nginx: NginxRtmp
let system: LiveSystem
let ranForMs: number
let probes: Record<(typeof keys)[number], Probe>

beforeAll(async () => {
  nginx = await startNginxRtmp()
  system = await startLiveSystem()
  // Twice the rate of the mix: every picture of the mix has something new to show.
  await Promise.all(
    people.map(({ name, color, toneHz }) => system.join(name, { color, toneHz, fps: 30, widthPx: 1280, heightPx: 720, bitRateKbps: 1200 })),
  )
  const example = ownExample(system.sdkAppId, system.userSig('trtc_partner_test_1'), nginx.url('one'))
  const mix = await LiveMix.start(system, {
    ...example,
    PublishCdnParams: keys.map((key) => ({ PublishCdnUrl: nginx.url(key), IsTencentCdn: 1 })),
  })
  await mix.running()
  const runningAt = Date.now()
  await mix.runFor(runMs)
  ranForMs = (await mix.stop()) - runningAt
  await Promise.all(keys.map((key) => nginx.recorded(key)))
  probes = { one: await ffprobe(nginx.recording('one')), two: await ffprobe(nginx.recording('two')) }
})

afterAll(async () => {
  await system?.close()
  await nginx?.stop()
})

/** Places in a tile that show nothing but the participant's colour. */
const corners = [
  [0.08, 0.08],
  [0.5, 0.1],
  [0.92, 0.9],
] as const

const at = (tile: Rect, [x, y]: readonly [number, number]): [number, number] => [tile.xPx + tile.widthPx * x, tile.yPx + tile.heightPx * y]

const timesMs = ({ packets }: Probe, kind: 'video' | 'audio'): number[] =>
  packets.filter(({ codec_type }) => codec_type === kind).map(({ pts_time }) => Number(pts_time) * 1000)

const gapsMs = (times: readonly number[]): number[] => times.slice(1).map((time, index) => time - (times[index] ?? 0))

test.each(keys)('%s is H.264 and AAC in the asked form, without complaints of the decoders', (key) => {
  const { video, audio, complaints } = probes[key]
  expect(video).toMatchObject({ codec_name: 'h264', width: 1280, height: 720, color_space: 'bt709', color_range: 'tv' })
  expect(audio).toMatchObject({ codec_name: 'aac', profile: 'LC', sample_rate: '48000', channels: 2 })
  expect(complaints).toBe('')
})

test.each(keys)('%s has 15 pictures a second, evenly, and a key frame every 2 seconds', (key) => {
  const probe = probes[key]
  const times = timesMs(probe, 'video')
  const spanMs = (times.at(-1) ?? 0) - (times[0] ?? 0)
  expect(((times.length - 1) * 1000) / spanMs / 15).toBeCloseTo(1, 2)
  expect(Math.max(...gapsMs(times))).toBeLessThan(1.5 * framePeriodMs)
  expect(Number(probe.video?.nb_read_frames)).toBe(times.length)
  expect(probe.packets.find(({ codec_type }) => codec_type === 'video')?.flags).toMatch(/^K/)
  const distances = keyFrameDistances(probe)
  expect(distances.length).toBeGreaterThanOrEqual(3)
  expect(new Set(distances)).toEqual(new Set([30]))
})

test.each(keys)('%s begins with sound and picture together and lasts as long as the clock said', (key) => {
  const [pictures, sounds] = [timesMs(probes[key], 'video'), timesMs(probes[key], 'audio')]
  expect(Math.abs((pictures[0] ?? 0) - (sounds[0] ?? 0))).toBeLessThan(framePeriodMs)
  for (const times of [pictures, sounds]) {
    const lastedMs = (times.at(-1) ?? 0) - (times[0] ?? 0)
    expect(Math.abs(lastedMs - ranForMs)).toBeLessThan(200)
  }
})

test.each(keys)('%s has no hole in its sound, both tones and nothing else', async (key) => {
  // A frame of 1024 samples, in whole milliseconds of RTMP.
  expect(Math.max(...gapsMs(timesMs(probes[key], 'audio')))).toBeLessThan(23)
  const sound = await recordedSound(nginx.recording(key))
  expect(sound.channels).toHaveLength(2)
  for (const { toneHz } of people) expect(sound.tone(toneHz, 1500)).toBeCloseTo(0.3, 1)
  expect(sound.loudestOther([440, 660], 1500)).toBeLessThan(0.01)
  // Two tones of 0.3; a click or a hole would stand out.
  const { quietest, loudest } = sound.extremes(1500, 9000)
  expect(quietest).toBeGreaterThan(0.26)
  expect(loudest).toBeLessThan(0.34)
})

test('shows both participants in their tiles within half a second, from then on moving in every picture, and never black', async () => {
  let firstAtMs = NaN
  let judged = 0
  const last = new Map<string, number>()
  for await (const picture of recordedPictures(nginx.recording('one'))) {
    if (judged === 0 && people.some(({ color, tile }) => !isColor(picture.colorAt(...at(tile, corners[0])), color))) continue
    if (judged === 0) firstAtMs = picture.timeMs
    for (const { name, color, source, tile } of people) {
      for (const corner of corners) expect(picture.colorAt(...at(tile, corner))).toSatisfy((seen: Rgb) => isColor(seen, color))
      const captured = picture.capturedAt(shownTimeCode(source, tile, 'crop')) ?? NaN
      const advancedMs = captured - (last.get(name) ?? captured - framePeriodMs)
      expect(advancedMs).toBeGreaterThanOrEqual(33)
      expect(advancedMs).toBeLessThanOrEqual(134)
      last.set(name, captured)
    }
    judged += 1
  }
  expect(firstAtMs).toBeLessThanOrEqual(500)
  expect(judged).toBeGreaterThan(140)
  expect(await blackMoments(nginx.recording('one'))).toEqual([])
  await savePicture(nginx.recording('one'), 5, 'example-1')
})

test('both addresses receive the same packets', () => {
  const pictures = keys.map((key) => probes[key].packets.filter(({ codec_type }) => codec_type === 'video').map(({ size }) => size))
  // They may have begun to receive a key frame apart; from there on they are one encode.
  const [one = [], two = []] = pictures.map((sizes) => sizes.toReversed())
  const common = Math.min(one.length, two.length)
  expect(common).toBeGreaterThan(100)
  expect(one.slice(0, common)).toEqual(two.slice(0, common))
})
