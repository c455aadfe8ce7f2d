// Participants who come late, change shape, send VP8 and leave; the output goes on until nobody has been there for long enough.
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { TaskView } from '../../src/server/tasks/tasks.ts'
import { LiveMix, customLayout, leftHalf, mixRequest, rightHalf, tile } from '../support/live-mix.ts'
import { startLiveSystem, type LiveSystem } from '../support/live-system.ts'
import { startNginxRtmp, type NginxRtmp } from '../support/nginx-rtmp.ts'
import { firstOf, followPhases, motionFaults, rhythmFaults, type Phase, type SeenPicture } from '../support/picture-phases.ts'
import { allPictures, pictureSizes, savePicture, shownTimeCode, type RecordedPicture } from '../support/recorded-pictures.ts'
import { recordedSound, type RecordedSound } from '../support/recorded-sound.ts'
import { ffprobe } from '../outputs/ffprobe.ts'

const [namedRoom, unnamedRoom] = ['295066', '295067']
const [zero, one] = ['Trtc_User_0', 'Trtc_User_1']
const [blue, brown, purple, green] = [0x1f5fa8, 0xa8471f, 0x6020a0, 0x00a000]
const wide = { widthPx: 640, heightPx: 360 }
const narrow = { widthPx: 480, heightPx: 360 }
const maxIdleSec = 5

// Fitted into half the canvas, the wide picture begins at y = 90 and the narrow one at y = 60.
const named: readonly Phase[] = [
  {
    name: 'nobody',
    looks: [
      [16, 106, green],
      [352, 36, green],
    ],
    codes: {},
  },
  {
    name: 'zero came',
    looks: [
      [16, 106, blue],
      [16, 70, green],
      [352, 36, green],
    ],
    codes: { [zero]: shownTimeCode(wide, leftHalf, 'fit') },
  },
  {
    name: 'zero changed shape',
    looks: [
      [16, 70, blue],
      [352, 36, green],
    ],
    codes: { [zero]: shownTimeCode(narrow, leftHalf, 'fit') },
  },
  {
    name: 'one came',
    looks: [
      [16, 70, blue],
      [352, 36, brown],
    ],
    // VP8 as libvpx begins: its quantizer starts coarse. Samples taken for BT.709 would be off by more.
    tolerance: 20,
    codes: { [zero]: shownTimeCode(narrow, leftHalf, 'fit'), [one]: shownTimeCode(wide, rightHalf, 'crop') },
  },
  {
    name: 'one left',
    looks: [
      [16, 70, blue],
      [352, 36, green],
    ],
    codes: { [zero]: shownTimeCode(narrow, leftHalf, 'fit') },
  },
  {
    name: 'nobody again',
    looks: [
      [16, 70, green],
      [352, 36, green],
    ],
    codes: {},
  },
]

const places = (name: string, left: number, right: number): Phase => ({
  name,
  looks: [
    [32, 36, left],
    [352, 36, right],
  ],
  codes: {},
})
const unnamed: readonly Phase[] = [
  places('nobody', green, green),
  places('first takes the first tile', blue, green),
  places('second takes the second, third finds none', blue, brown),
  places('first leaves', green, brown),
  places('third takes the first tile', purple, brown),
]

let nginx: NginxRtmp
let system: LiveSystem
let pictures: RecordedPicture[]
let seen: SeenPicture[]
let seenUnnamed: SeenPicture[]
let sound: RecordedSound
let ended: TaskView
/** Unix ms by event. */
const at: Record<string, number> = {}
let beganAt: number

const join = (roomId: string, userId: string, color: number, toneHz: number, codec: 'h264' | 'vp8' = 'h264') =>
  system.join(userId, { whipUrl: system.whipUrl(userId, roomId), color, toneHz, codec, fps: 30 })

beforeAll(async () => {
  nginx = await startNginxRtmp()
  system = await startLiveSystem()
  const request = mixRequest(system, namedRoom, [nginx.url('named')], {
    LayoutParams: customLayout(tile(zero, leftHalf, { RenderMode: 1 }), tile(one, rightHalf)),
    BackGroundColor: '0x00A000',
  })
  const mix = await LiveMix.start(system, { ...request, AgentParams: { ...request.AgentParams, MaxIdleTime: maxIdleSec } })
  await mix.running()
  await mix.runFor(1000)
  const first = await join(namedRoom, zero, blue, 440)
  at['zero came'] = Date.now()
  await mix.runFor(1500)
  first.resize(narrow.widthPx, narrow.heightPx)
  at['zero changed shape'] = Date.now()
  await mix.runFor(1500)
  const second = await join(namedRoom, one, brown, 660, 'vp8')
  at['one came'] = Date.now()
  await mix.runFor(1500)
  const delayMs = mix.pictureDelayMs(zero)
  await second.close()
  at['one left'] = Date.now()
  await mix.runFor(1000)
  await first.close()
  at['nobody again'] = Date.now()
  await fillUnnamedTiles()
  await vi.waitFor(async () => expect((await mix.view()).state).toBe('ended'), { timeout: 10_000, interval: 50 })
  ended = await mix.view()
  await nginx.recorded('named')

  const file = nginx.recording('named')
  await savePicture(file, 5.5, 'coming-and-going')
  pictures = await allPictures(file)
  seen = followPhases(pictures, named)
  sound = await recordedSound(file)
  const shown = seen.filter(({ phase }) => phase === 'one came').map(({ captured, timeMs }) => (captured[zero] ?? NaN) + delayMs - timeMs)
  beganAt = shown.toSorted((a, b) => a - b)[Math.floor(shown.length / 2)] ?? NaN
  seenUnnamed = followPhases(await allPictures(nginx.recording('unnamed')), unnamed)
})

async function fillUnnamedTiles(): Promise<void> {
  const LayoutParams = customLayout(tile(null, leftHalf), tile(null, rightHalf))
  const mix = await LiveMix.start(
    system,
    mixRequest(system, unnamedRoom, [nginx.url('unnamed')], { LayoutParams, BackGroundColor: '0x00A000' }),
  )
  await mix.running()
  await mix.runFor(300)
  const first = await join(unnamedRoom, 'first', blue, 440)
  await mix.runFor(700)
  await join(unnamedRoom, 'second', brown, 550)
  await join(unnamedRoom, 'third', purple, 660)
  await mix.runFor(1000)
  await first.close()
  await mix.runFor(1000)
  await mix.stop()
  await nginx.recorded('unnamed')
}

afterAll(async () => {
  await system?.close()
  await nginx?.stop()
})

test('an empty room gives background and silence from the start on', () => {
  expect(seen[0]).toMatchObject({ phase: 'nobody', timeMs: pictures[0]?.timeMs })
  const cameMs = firstOf(seen, 'zero came').timeMs
  expect(sound.loudness(0, cameMs - 500)).toBeLessThan(0.001)
  expect(sound.tone(440, cameMs + 500, cameMs + 1200)).toBeGreaterThan(0.25)
})

test.each(['zero came', 'one came'])('%s: seen within 500 ms of the first packet', (name) => {
  expect(beganAt + firstOf(seen, name).timeMs - (at[name] ?? NaN)).toBeLessThanOrEqual(500)
})

test.each(['one left', 'nobody again'])('%s: the tile is free within 500 ms', (name) => {
  expect(beganAt + firstOf(seen, name).timeMs - (at[name] ?? NaN)).toBeLessThanOrEqual(500)
})

test('the output keeps size and rhythm whatever its sources do', async () => {
  expect(rhythmFaults(pictures)).toEqual([])
  expect(await pictureSizes(nginx.recording('named'))).toEqual(['640x360'])
  expect((await ffprobe(nginx.recording('named'))).complaints).toBe('')
})

test('a change of shape is shown within 500 ms', () => {
  expect(beganAt + firstOf(seen, 'zero changed shape').timeMs - (at['zero changed shape'] ?? NaN)).toBeLessThanOrEqual(500)
})

test('others who come and go do not disturb the picture of who stays', () => {
  const staying = seen.filter(({ phase }) => ['one came', 'one left'].includes(phase))
  expect(motionFaults(staying)).toEqual([])
})

test('the task ends once nobody has been there for MaxIdleTime, and the recording with it', () => {
  expect(ended).toMatchObject({ state: 'ended', endReason: 'idle_timeout' })
  const idleMs = (ended.endedAt ?? NaN) - (at['nobody again'] ?? NaN)
  expect(idleMs).toBeGreaterThan(maxIdleSec * 1000 - 200)
  expect(idleMs).toBeLessThan(maxIdleSec * 1000 + 1500)
  const silentFromMs = firstOf(seen, 'nobody again').timeMs + 500
  expect(sound.loudness(silentFromMs)).toBeLessThan(0.001)
  expect((pictures.at(-1)?.timeMs ?? 0) - silentFromMs).toBeGreaterThan(maxIdleSec * 1000 - 1000)
})

test('unnamed tiles are taken in order of entry, kept, and given on when they are free', () => {
  expect([...new Set(seenUnnamed.map(({ phase }) => phase))]).toEqual(unnamed.map(({ name }) => name))
  const freeMs = firstOf(seenUnnamed, 'third takes the first tile').timeMs - firstOf(seenUnnamed, 'first leaves').timeMs
  expect(freeMs).toBeLessThanOrEqual(500)
  expect(rhythmFaults(seenUnnamed)).toEqual([])
})
