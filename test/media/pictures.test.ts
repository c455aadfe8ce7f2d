// Still pictures in the mix: watermark with alpha, canvas background, placeholder of who is away, and one that cannot be had.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PictureFailure } from '../../src/fleet/task-pictures.ts'
import { LiveMix, customLayout, mixRequest, tile } from '../support/live-mix.ts'
import { startLiveSystem, type LiveSystem } from '../support/live-system.ts'
import { startNginxRtmp, type NginxRtmp } from '../support/nginx-rtmp.ts'
import { followPhases, motionFaults, rhythmFaults, type Phase, type SeenPicture } from '../support/picture-phases.ts'
import { paint, startPictureServer, type PictureServer } from '../support/picture-server.ts'
import { allPictures, savePicture, shownTimeCode, type Rect, type RecordedPicture } from '../support/recorded-pictures.ts'

const roomId = '295066'
const [here, late] = ['Trtc_User_0', 'Trtc_User_1']
const [blue, brown, yellow, grey] = [0x1f5fa8, 0xa8471f, 0xc0c020, 0x808080]
const [backgroundLeft, backgroundRight] = [0x305090, 0x903050]
/** Half of 0x00ff00 over `blue`. */
const blended = 0x10af54
const source = { widthPx: 640, heightPx: 360 }
// Above a strip of the canvas that nothing covers.
const left: Rect = { xPx: 0, yPx: 0, widthPx: 320, heightPx: 300 }
const right: Rect = { ...left, xPx: 320 }

const flat = (color: number, size = '64x64'): string => `color=c=0x${color.toString(16).padStart(6, '0')}:s=${size}`
const watermark = (url: string, xPx: number) => ({
  WaterMarkType: 0 as const,
  WaterMarkImage: { WaterMarkUrl: url, LocationX: xPx, LocationY: 16, WaterMarkWidth: 64, WaterMarkHeight: 64, ZOrder: 3 },
})

const strip = (colors: readonly [number, number]): Phase['looks'] => [
  [100, 330, colors[0]],
  [540, 330, colors[1]],
]
const everywhere: Phase['looks'] = [
  [48, 48, blended],
  [100, 20, blue],
]
const placeholder: Phase['looks'] = [
  [480, 150, yellow],
  [592, 48, yellow],
]
const codes = { [here]: shownTimeCode(source, left, 'crop') }
const phases: readonly Phase[] = [
  { name: 'one is away', looks: [...everywhere, ...placeholder, ...strip([backgroundLeft, backgroundRight])], codes },
  {
    name: 'both are there',
    looks: [...everywhere, [336, 20, brown], [592, 48, brown], ...strip([backgroundLeft, backgroundRight])],
    codes: { ...codes, [late]: shownTimeCode(source, right, 'crop') },
  },
  { name: 'one is away again', looks: [...everywhere, ...placeholder, ...strip([backgroundLeft, backgroundRight])], codes },
  { name: 'another background', looks: [...everywhere, ...placeholder, ...strip([grey, grey])], codes },
]

let nginx: NginxRtmp
let system: LiveSystem
let server: PictureServer
let failures: readonly PictureFailure[]
let pictures: RecordedPicture[]
let seen: SeenPicture[]

beforeAll(async () => {
  server = await startPictureServer({
    '/half-green.png': paint('color=c=0x00ff00@0.5:s=64x64,format=rgba', 'png'),
    '/halves.jpg': paint(`${flat(backgroundLeft, '160x180')}[a];${flat(backgroundRight, '160x180')}[b];[a][b]hstack`, 'jpeg'),
    '/yellow.png': paint(flat(yellow), 'png'),
    '/grey.png': paint(flat(grey), 'png'),
  })
  nginx = await startNginxRtmp()
  system = await startLiveSystem()
  await system.join(here, { color: blue, toneHz: 440, fps: 30 })
  const mix = await LiveMix.start(
    system,
    mixRequest(system, roomId, [nginx.url('pictures')], {
      LayoutParams: customLayout(tile(here, left), tile(late, right, { BackgroundImageUrl: server.url('/yellow.png') })),
      BackGroundColor: '0xC00000',
      BackgroundImageUrl: server.url('/halves.jpg'),
      BackgroundRenderMode: 2,
      WaterMarkList: [watermark(server.url('/half-green.png'), 16), watermark(server.url('/missing.png'), 560)],
    }),
  )
  await mix.running()
  await mix.runFor(1200)
  const second = await system.join(late, { color: brown, toneHz: 660, fps: 30 })
  await mix.runFor(1500)
  await second.close()
  await mix.runFor(1000)
  await mix.update({ VideoParams: { BackgroundImageUrl: server.url('/grey.png'), BackgroundRenderMode: 2 } })
  await mix.runFor(1000)
  failures = system.server.worker.pictureFailures(mix.taskId)
  await mix.stop()
  await nginx.recorded('pictures')
  await savePicture(nginx.recording('pictures'), 1, 'pictures-placeholder')
  pictures = await allPictures(nginx.recording('pictures'))
  seen = followPhases(pictures, phases)
})

afterAll(async () => {
  await system?.close()
  await server?.close()
  await nginx?.stop()
})

test('watermark, background and placeholder are shown within a second, and as long as they should', () => {
  // That each was where it belongs, in its colour, in every picture from the first on, is what `followPhases` has seen to.
  expect(seen[0]?.timeMs).toBeLessThan(1000)
  for (const { name } of phases) expect(seen.filter(({ phase }) => phase === name).length).toBeGreaterThanOrEqual(12)
})

test('a picture that is not found has no effect but a word in the diagnostics', () => {
  expect(server.requests).toContain('/missing.png')
  expect(failures).toHaveLength(1)
  expect(failures[0]?.message).toContain('404')
})

test('pictures come and go without disturbing the rhythm', () => {
  expect(rhythmFaults(pictures)).toEqual([])
  expect(motionFaults(seen)).toEqual([])
})
