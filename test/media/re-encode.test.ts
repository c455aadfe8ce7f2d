// An Update to another size and rate: the push stays, and the picture goes on without a break.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { LiveMix, mixRequest } from '../support/live-mix.ts'
import { startLiveSystem, type LiveSystem } from '../support/live-system.ts'
import { startNginxRtmp, type NginxRtmp } from '../support/nginx-rtmp.ts'
import { pictureSizes } from '../support/recorded-pictures.ts'
import { recordedSound } from '../support/recorded-sound.ts'
import { ffprobe } from '../outputs/ffprobe.ts'

let nginx: NginxRtmp
let system: LiveSystem

beforeAll(async () => {
  nginx = await startNginxRtmp()
  system = await startLiveSystem()
  await system.join('Trtc_User_0', { toneHz: 440, fps: 30 })
})

afterAll(async () => {
  await system?.close()
  await nginx?.stop()
})

test('another size and rate begin with a key frame at the next tick, sound does not notice', async () => {
  const mix = await LiveMix.start(system, mixRequest(system, '295066', [nginx.url('one')], { LayoutParams: { MixLayoutMode: 3 } }))
  await mix.running()
  await mix.runFor(2000)
  await mix.update({ VideoParams: { VideoEncode: { Width: 480, Height: 270, Fps: 20, BitRate: 800, Gop: 2 } } })
  await mix.runFor(2000)
  await mix.stop()
  await nginx.recorded('one')

  expect(await pictureSizes(nginx.recording('one'))).toEqual(['640x360', '480x270'])
  const { packets, video, complaints } = await ffprobe(nginx.recording('one'))
  expect(complaints).toBe('')
  const pictures = packets.filter(({ codec_type }) => codec_type === 'video')
  expect(Number(video?.nb_read_frames)).toBe(pictures.length)
  const gaps = pictures.slice(1).map(({ pts_time }, index) => Math.round((Number(pts_time) - Number(pictures[index]?.pts_time)) * 1000))
  const changed = gaps.findIndex((gap) => gap !== 66 && gap !== 67)
  // The first tick of the new rate lies anywhere between two of the old one.
  expect(gaps[changed]).toBeGreaterThan(0)
  expect(gaps[changed]).toBeLessThanOrEqual(67)
  expect(new Set(gaps.slice(changed + 1))).toEqual(new Set([50]))
  expect(gaps.length - changed).toBeGreaterThan(30)
  expect(pictures.slice(changed, changed + 2).some(({ flags }) => flags.startsWith('K'))).toBe(true)
  const { quietest, loudest } = (await recordedSound(nginx.recording('one'))).extremes(700, 3500)
  expect(quietest).toBeGreaterThan(0.19)
  expect(loudest).toBeLessThan(0.23)
})
