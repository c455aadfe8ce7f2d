// Updates of a running mix: each is seen at once, and no picture is repeated, torn, black or missing.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LiveMix, canvas, customLayout, leftHalf, mixRequest, rightHalf, tile, videoEncode } from '../support/live-mix.ts'
import { startLiveSystem, type LiveSystem } from '../support/live-system.ts'
import { startNginxRtmp, type NginxRtmp } from '../support/nginx-rtmp.ts'
import { firstOf, followPhases, motionFaults, rhythmFaults, type Phase, type SeenPicture } from '../support/picture-phases.ts'
import {
  allPictures,
  blackMoments,
  savePicture,
  shownTimeCode,
  type CodeRow,
  type Rect,
  type RecordedPicture,
} from '../support/recorded-pictures.ts'
import { recordedSound, type RecordedSound } from '../support/recorded-sound.ts'
import { ffprobe, keyFrameDistances, type Probe } from '../outputs/ffprobe.ts'

type Changes = Parameters<LiveMix['update']>[0]

const roomId = '295066'
const [zero, one] = ['Trtc_User_0', 'Trtc_User_1']
const [blue, brown, red, green, black] = [0x1f5fa8, 0xa8471f, 0xc00000, 0x00a000, 0x000000]
const [fast, slow] = [1200, 80]
const source = { widthPx: 640, heightPx: 360 }
const whole: Rect = { xPx: 0, yPx: 0, ...canvas }
const inset: Rect = { xPx: 320, yPx: 0, widthPx: 320, heightPx: 180 }

const halves = (left: string, right: string, RenderMode: number): Changes => ({
  VideoParams: {
    LayoutParams: customLayout(
      tile(left, leftHalf, { RenderMode: RenderMode as 0 }),
      tile(right, rightHalf, { RenderMode: RenderMode as 0 }),
    ),
  },
})
const overlap = (zOfZero: number): Changes => ({
  VideoParams: { LayoutParams: customLayout(tile(zero, whole, { ZOrder: zOfZero }), tile(one, inset, { ZOrder: 1 })) },
})
const codeIn = (rect: Rect, mode: 'crop' | 'fit' = 'crop'): CodeRow => shownTimeCode(source, rect, mode)
const fitted = { [zero]: codeIn(leftHalf, 'fit'), [one]: codeIn(rightHalf, 'fit') }
const sideBySide = { [zero]: codeIn(leftHalf), [one]: codeIn(rightHalf) }

/** Each look with the update that brings it; the first is the Start's. */
const steps: readonly (Phase & { readonly change: Changes })[] = [
  {
    name: 'side by side',
    change: halves(zero, one, 0),
    looks: [
      [32, 36, blue],
      [352, 36, brown],
    ],
    codes: sideBySide,
  },
  {
    name: 'tiles swapped',
    change: halves(one, zero, 0),
    looks: [
      [32, 36, brown],
      [352, 36, blue],
    ],
    codes: { [zero]: codeIn(rightHalf), [one]: codeIn(leftHalf) },
  },
  {
    name: 'one over the other',
    change: overlap(0),
    looks: [
      [32, 36, blue],
      [336, 16, brown],
      [600, 320, blue],
    ],
    codes: { [zero]: codeIn(whole), [one]: codeIn(inset) },
  },
  {
    name: 'the lower one raised',
    change: overlap(2),
    looks: [
      [32, 36, blue],
      [336, 16, blue],
      [600, 320, blue],
    ],
    codes: { [zero]: codeIn(whole) },
  },
  {
    name: 'fitted, bars transparent',
    change: halves(zero, one, 1),
    looks: [
      [32, 36, red],
      [352, 330, red],
      [16, 106, blue],
      [336, 106, brown],
    ],
    codes: fitted,
  },
  {
    name: 'canvas of another colour',
    change: { VideoParams: { BackGroundColor: '0x00A000' } },
    looks: [
      [32, 36, green],
      [352, 330, green],
      [16, 106, blue],
      [336, 106, brown],
    ],
    codes: fitted,
  },
  {
    name: 'fitted, bars black',
    change: halves(zero, one, 2),
    looks: [
      [32, 36, black],
      [352, 330, black],
      [16, 106, blue],
      [336, 106, brown],
    ],
    codes: fitted,
  },
  {
    name: 'grid',
    change: { VideoParams: { LayoutParams: { MixLayoutMode: 3 } } },
    looks: [
      [32, 36, blue],
      [352, 36, brown],
    ],
    codes: sideBySide,
  },
]

/** Updates of the sound, in order, with the amplitude each tone must have then. */
const sounds: readonly { name: string; change: Changes; tones: readonly [hz440: number, hz660: number] }[] = [
  { name: 'only one allowed', change: { AudioParams: { SubscribeAudioList: [{ UserInfo: { UserId: zero } }] } }, tones: [0.3, 0] },
  {
    name: 'that one at half its level',
    change: { AudioParams: { SubscribeAudioList: [{ UserInfo: { UserId: zero }, SoundLevel: 50 }] } },
    tones: [0.15, 0],
  },
  {
    name: 'everybody but one',
    change: { AudioParams: { SubscribeAudioList: [], UnSubscribeAudioList: [{ UserInfo: { UserId: zero } }] } },
    tones: [0, 0.3],
  },
  { name: 'everybody again', change: { AudioParams: { UnSubscribeAudioList: [] } }, tones: [0.3, 0.3] },
]

let nginx: NginxRtmp
let system: LiveSystem
let pictures: RecordedPicture[]
let seen: SeenPicture[]
let sound: RecordedSound
let probe: Probe
/** Unix ms of the answers, by the step's name. */
const answers = new Map<string, number>()
let delayMs: number
/** Unix ms at which the recording began. */
let beganAt: number

const recordingMs = (unixMs: number): number => unixMs - beganAt
const answerTo = (name: string): number => answers.get(name) ?? NaN

beforeAll(async () => {
  nginx = await startNginxRtmp()
  system = await startLiveSystem()
  // The mix shows every other of their pictures: a repeated or missing one stands out.
  await system.join(zero, { color: blue, toneHz: 440, fps: 30 })
  await system.join(one, { color: brown, toneHz: 660, fps: 30 })
  const [first, ...updates] = steps
  const layout = first?.change.VideoParams?.LayoutParams
  const video = { BackGroundColor: '0xC00000', ...(layout === undefined ? {} : { LayoutParams: layout }) }
  const mix = await LiveMix.start(system, mixRequest(system, roomId, [nginx.url('kept'), nginx.url('removed')], video))
  await mix.running()
  await mix.runFor(1500)
  for (const { name, change } of [...updates, ...sounds]) {
    answers.set(name, await mix.update(change))
    await mix.runFor(800)
  }
  answers.set('slow', await mix.update({ VideoParams: { VideoEncode: { ...videoEncode, BitRate: slow } } }))
  await mix.runFor(2500)
  delayMs = mix.pictureDelayMs(zero)
  answers.set(
    'urls',
    await mix.update({ PublishCdnParams: ['kept', 'added'].map((key) => ({ PublishCdnUrl: nginx.url(key), IsTencentCdn: 0 })) }),
  )
  await mix.runFor(1500)
  answers.set('stop', await mix.stop())
  await Promise.all(['kept', 'removed', 'added'].map((key) => nginx.recorded(key)))

  const file = nginx.recording('kept')
  await savePicture(file, 5, 'live-update')
  pictures = await allPictures(file)
  seen = followPhases(pictures, steps)
  sound = await recordedSound(file)
  probe = await ffprobe(file)
  const offsets = seen.map(({ captured, timeMs }) => (captured[zero] ?? NaN) + delayMs - timeMs).toSorted((a, b) => a - b)
  beganAt = offsets[Math.floor(offsets.length / 2)] ?? NaN
})

afterAll(async () => {
  await system?.close()
  await nginx?.stop()
})

test('every tick has its picture, also across every update', () => {
  expect(rhythmFaults(pictures)).toEqual([])
  expect(probe.complaints).toBe('')
  expect(new Set(keyFrameDistances(probe))).toEqual(new Set([30]))
})

test('what is shown goes on in every picture, also across every update', () => {
  expect(motionFaults(seen)).toEqual([])
})

test('no picture is black', async () => {
  expect(await blackMoments(nginx.recording('kept'))).toEqual([])
})

test.each(steps.slice(1).map(({ name }) => name))('%s: seen within 200 ms of the answer', (name) => {
  const shownAt = (firstOf(seen, name).captured[zero] ?? NaN) + delayMs
  expect(shownAt - answerTo(name)).toBeLessThanOrEqual(200)
})

test.each(sounds)('$name: heard so within 300 ms of the answer', ({ name, tones }) => {
  const fromMs = recordingMs(answerTo(name)) + 300
  for (const [index, hz] of [440, 660].entries()) {
    const wanted = tones[index] ?? NaN
    const heard = sound.tone(hz, fromMs, fromMs + 400)
    // The foot of the other tone's window reaches 0.005.
    if (wanted === 0) expect(heard).toBeLessThan(0.01)
    else expect(Math.abs(20 * Math.log10(heard / wanted))).toBeLessThan(0.5)
  }
})

test('the bit rate falls to the asked one, and not before it is asked', () => {
  const kbps = (fromMs: number, toMs: number): number => {
    const sizes = probe.packets.filter(
      ({ codec_type, pts_time }) => codec_type === 'video' && Number(pts_time) * 1000 >= fromMs && Number(pts_time) * 1000 < toMs,
    )
    return sizes.reduce((sum, { size }) => sum + Number(size) * 8, 0) / (toMs - fromMs)
  }
  const changedMs = recordingMs(answerTo('slow'))
  expect(kbps(changedMs - 2000, changedMs)).toBeGreaterThan(2 * slow)
  expect(kbps(changedMs - 2000, changedMs)).toBeLessThan(1.1 * fast)
  // The rate control's buffer of a second may still be full of the former rate.
  expect(kbps(changedMs + 1000, changedMs + 2500)).toBeLessThan(1.15 * slow)
})

describe('another list of addresses', () => {
  test('does not touch the one that stays', () => {
    const lastedMs = (pictures.at(-1)?.timeMs ?? 0) - (pictures[0]?.timeMs ?? 0)
    expect(Math.abs(answerTo('stop') - (beganAt + (pictures[0]?.timeMs ?? 0)) - lastedMs)).toBeLessThan(200)
  })

  test('ends the one that is gone', async () => {
    const removed = await ffprobe(nginx.recording('removed'))
    expect(Math.abs(removed.durationSec * 1000 - recordingMs(answerTo('urls')))).toBeLessThan(400)
    expect(removed.complaints).toBe('')
  })

  test('feeds the new one from a key frame on, with sound', async () => {
    const added = await ffprobe(nginx.recording('added'))
    expect(added.packets.find(({ codec_type }) => codec_type === 'video')?.flags).toMatch(/^K/)
    expect(added.complaints).toBe('')
    expect(rhythmFaults(await allPictures(nginx.recording('added')))).toEqual([])
    expect((await recordedSound(nginx.recording('added'))).tone(660, 300)).toBeGreaterThan(0.2)
  })
})
