// Publishers that we did not write, in a mix: Chromium with H.264 and VP8, FFmpeg's WHIP muxer.
import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { toneLevel } from '../../src/demo/tone-level.ts'
import { duoRequest, shape } from '../faults/duo.ts'
import { launchChromium, type RtcBrowser, type RtcPage } from '../support/chromium.ts'
import { startLiveSystem, type LiveSystem } from '../support/live-system.ts'
import { playMix, type MixPlayer } from '../support/mix-player.ts'
import { startNginxRtmp, type NginxRtmp } from '../support/nginx-rtmp.ts'
import { isColor, type ShownPicture } from '../support/shown-picture.ts'
import { publishByFfmpeg } from '../support/whip-client.ts'

const [h264Color, vp8Color] = [0x4060a0, 0xa06040]
const FFMPEG_SEC = 6

let nginx: NginxRtmp
let system: LiveSystem
let browser: RtcBrowser
let player: MixPlayer
let pictures: ShownPicture[]
const at = { both: 0, vp8Left: 0, ffmpegBegan: 0, ffmpegEnded: 0 }

const publish = async (userId: string, codec: 'h264' | 'vp8', color: number, toneHz: number): Promise<RtcPage> => {
  const page = await browser.newPage()
  const css = `#${color.toString(16).padStart(6, '0')}`
  await page.publish({
    url: system.whipUrl(userId),
    userSig: system.userSig(userId),
    codec,
    widthPx: 640,
    heightPx: 360,
    color: css,
    toneHz,
  })
  return page
}

beforeAll(async () => {
  ;[nginx, system, browser] = await Promise.all([startNginxRtmp(), startLiveSystem(), launchChromium()])
  player = playMix(nginx.url('mix'))
  const { TaskId } = await system.client.call('StartPublishCdnStream', duoRequest(system, [nginx.url('mix')]))
  const [, vp8] = await Promise.all([publish('left', 'h264', h264Color, 500), publish('right', 'vp8', vp8Color, 800)])
  at.both = Date.now()
  const plays = (ms: number): Promise<void> =>
    vi.waitFor(() => expect(player.pictures.at(-1)?.arrivedAt).toBeGreaterThan(ms), { timeout: 20_000 })
  await plays(at.both + 5000)
  at.vp8Left = Date.now()
  await vp8.close()
  at.ffmpegBegan = Date.now()
  await publishByFfmpeg({ url: system.whipUrl('right'), userSig: system.userSig('right'), seconds: FFMPEG_SEC })
  at.ffmpegEnded = Date.now()
  await system.client.call('StopPublishCdnStream', { SdkAppId: system.sdkAppId, TaskId })
  await player.stop()
  pictures = await player.decode(shape)
})
afterAll(async () => {
  await browser?.close()
  await player?.close()
  await system?.close()
  await nginx?.stop()
})

const between = (from: number, to: number): ShownPicture[] => pictures.filter(({ arrivedAt }) => arrivedAt > from && arrivedAt < to)

/** Amplitude of a tone between two arrivals, in what Debian's ffmpeg decodes. */
function tone(hz: number, from: number, to: number): number {
  const shown = between(from, to)
  const [start, end] = [shown[0], shown.at(-1)].map((picture) => ((picture?.timestampMs ?? 0) / 1000).toFixed(3))
  const sound = execFileSync(
    'ffmpeg',
    ['-v', 'error', '-copyts', '-i', player.file, '-af', `atrim=${start}:${end}`, '-ac', '1', '-ar', '48000', '-f', 'f32le', '-'],
    { maxBuffer: 1 << 28 },
  )
  return toneLevel(new Float32Array(sound.buffer.slice(sound.byteOffset, sound.byteOffset + sound.length)), hz, 48_000)
}

test.each([
  ['H.264', 0, h264Color, 500],
  ['VP8', 1, vp8Color, 800],
] as const)('Chromium with %s is seen within 2 s, whole, and heard', (_codec, tile, color, toneHz) => {
  const shown = between(at.both + 2000, at.vp8Left)
  expect(shown.length).toBeGreaterThan(30)
  expect(shown.filter(({ tiles }) => !isColor(tiles[tile], color) || (tiles[tile]?.roughness ?? 99) > 12)).toEqual([])
  expect(tone(toneHz, at.both + 2000, at.vp8Left)).toBeGreaterThan(0.1)
})

test("FFmpeg's WHIP muxer is seen moving in the tile that became free, and heard", () => {
  const shown = between(at.ffmpegBegan + 2500, at.ffmpegEnded - 500)
  expect(shown.length).toBeGreaterThan(30)
  const tiles = shown.map(({ tiles: [, right] }) => right!)
  for (const { yuv } of tiles) for (const chroma of yuv.slice(1)) expect(Math.abs(chroma - 128)).toBeLessThan(4)
  expect(new Set(tiles.map(({ yuv: [luma] }) => Math.round(luma))).size).toBeGreaterThan(10)
  expect(isColor(tiles[0], 0x000000)).toBe(false)
  expect(tone(660, at.ffmpegBegan + 2500, at.ffmpegEnded - 500)).toBeGreaterThan(0.1)
  expect(tone(800, at.ffmpegBegan + 2500, at.ffmpegEnded - 500)).toBeLessThan(0.02)
})

test('nobody disturbs the other tile or the rhythm', () => {
  expect(between(at.both + 2000, at.ffmpegEnded).filter(({ tiles }) => !isColor(tiles[0], h264Color))).toEqual([])
  const times = between(at.both, at.ffmpegEnded).map(({ timestampMs }) => timestampMs)
  expect(Math.max(...times.slice(1).map((time, index) => time - times[index]!))).toBeLessThan(100)
})
