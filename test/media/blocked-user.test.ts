// A user whose picture, then sound, is blocked: the mix shows the placeholder while the voice goes on, then falls silent, then has both again.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { LiveMix, customLayout, leftHalf, mixRequest, rightHalf, tile } from '../support/live-mix.ts'
import { startLiveSystem, type LiveSystem } from '../support/live-system.ts'
import { startNginxRtmp, type NginxRtmp } from '../support/nginx-rtmp.ts'
import { firstOf, followPhases, motionFaults, rhythmFaults, type Phase, type SeenPicture } from '../support/picture-phases.ts'
import { paint, startPictureServer, type PictureServer } from '../support/picture-server.ts'
import { allPictures, shownTimeCode, type RecordedPicture } from '../support/recorded-pictures.ts'
import { recordedSound, type RecordedSound } from '../support/recorded-sound.ts'

const roomId = '295066'
const [blocked, other] = ['Trtc_User_0', 'Trtc_User_1']
const [blue, brown, yellow] = [0x1f5fa8, 0xa8471f, 0xc0c020]
const [blockedHz, otherHz] = [440, 660]
const source = { widthPx: 640, heightPx: 360 }
const stepMs = 1_500

const otherCode = { [other]: shownTimeCode(source, rightHalf, 'crop') }
const phase = (name: string, left: number, codes: Phase['codes'] = {}): Phase => ({
  name,
  looks: [
    [16, 36, left],
    [352, 36, brown],
  ],
  codes: { ...otherCode, ...codes },
})
const phases = [
  phase('both', blue, { [blocked]: shownTimeCode(source, leftHalf, 'crop') }),
  phase('picture blocked', yellow),
  phase('sound blocked', blue, { [blocked]: shownTimeCode(source, leftHalf, 'crop') }),
]

let server: PictureServer
let nginx: NginxRtmp
let system: LiveSystem
let pictures: RecordedPicture[]
let seen: SeenPicture[]
let sound: RecordedSound

beforeAll(async () => {
  server = await startPictureServer({ '/yellow.png': paint('color=c=0xc0c020:s=64x64', 'png') })
  nginx = await startNginxRtmp()
  system = await startLiveSystem()
  await system.join(blocked, { color: blue, toneHz: blockedHz, fps: 30 })
  await system.join(other, { color: brown, toneHz: otherHz, fps: 30 })
  const placeholder = { BackgroundImageUrl: server.url('/yellow.png') }
  const mix = await LiveMix.start(
    system,
    mixRequest(system, roomId, [nginx.url('blocked')], {
      LayoutParams: customLayout(tile(blocked, leftHalf, placeholder), tile(other, rightHalf)),
    }),
  )
  await mix.running()
  const block = async (IsMute: 0 | 2 | 3): Promise<void> => {
    await system.client.call('SetUserBlocked', { SdkAppId: system.sdkAppId, RoomId: Number(roomId), UserId: blocked, IsMute })
  }
  await mix.runFor(2 * stepMs)
  await block(3)
  await mix.runFor(stepMs)
  await block(2)
  await mix.runFor(stepMs)
  await block(0)
  await mix.runFor(2 * stepMs)
  await mix.stop()
  await nginx.recorded('blocked')
  const file = nginx.recording('blocked')
  pictures = await allPictures(file)
  seen = followPhases(pictures, phases)
  sound = await recordedSound(file)
})

afterAll(async () => {
  await system?.close()
  await nginx?.stop()
  await server?.close()
})

test('the placeholder shows while the picture is blocked, and the rhythm and the other tile go on', () => {
  expect(rhythmFaults(pictures)).toEqual([])
  // The tile of the other, from a second before the block on: the first moments of a mix are judged elsewhere.
  const fromMs = firstOf(seen, 'picture blocked').timeMs - 1_000
  const others = seen.filter(({ timeMs }) => timeMs >= fromMs).map((one) => ({ ...one, captured: { [other]: one.captured[other]! } }))
  expect(others.length).toBeGreaterThan(60)
  expect(motionFaults(others)).toEqual([])
  const placeholderMs = firstOf(seen, 'sound blocked').timeMs - firstOf(seen, 'picture blocked').timeMs
  expect(Math.abs(placeholderMs - stepMs)).toBeLessThan(600)
})

test('the voice goes on while the picture is blocked, is silent while it is blocked itself, and comes back', () => {
  const pictureBlockedMs = firstOf(seen, 'picture blocked').timeMs
  const soundBlockedMs = firstOf(seen, 'sound blocked').timeMs
  const level = (hz: number, fromMs: number, forMs = 600): number => sound.tone(hz, fromMs, fromMs + forMs)
  expect(level(blockedHz, pictureBlockedMs + 300)).toBeGreaterThan(0.25)
  expect(level(blockedHz, soundBlockedMs + 500)).toBeLessThan(0.01)
  expect(level(blockedHz, soundBlockedMs + stepMs + 1_000)).toBeGreaterThan(0.25)
  for (const fromMs of [pictureBlockedMs + 300, soundBlockedMs + 500, soundBlockedMs + stepMs + 1_000])
    expect(level(otherHz, fromMs)).toBeGreaterThan(0.25)
})
