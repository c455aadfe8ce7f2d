// A browser publishes into a real rooms process; the engine's room source must see and hear it, also over a bad line.
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { RoomSource } from '../../src/engine/sources/room-source.ts'
import { launchChromium, type RtcBrowser } from '../support/chromium.ts'
import { startRoomsServer, testUserSig, type RoomsServer } from '../support/rooms-server.ts'
import { startUdpProxy } from '../support/udp-proxy.ts'

const TICK_MS = 20
const CHUNK = 960

let server: RoomsServer
let browser: RtcBrowser

beforeAll(async () => {
  ;[server, browser] = await Promise.all([startRoomsServer(), launchChromium()])
})

afterAll(async () => {
  await browser?.close()
  await server?.close()
})

interface Watched {
  /** Instants at which a new picture came. */
  readonly picturesAt: number[]
  readonly sound: Float32Array
  /** Luma and chroma in the middle of the newest picture. */
  readonly color: readonly number[]
}

/** Takes pictures and sound of `alice` in real time, from the first picture on. */
async function watch(source: RoomSource, seconds: number): Promise<Watched> {
  const room = { appId: 1, kind: 'number', name: source.participants()[0]!.room.name } as const
  const alice = `${room.appId}/${room.kind}/${room.name}/alice`
  source.want(new Map([[`${alice}/camera`, { widthPx: 640, heightPx: 360 }]]), new Map([[alice, 1]]))
  const picturesAt: number[] = []
  const sound = new Float32Array(seconds * 48_000)
  let color: number[] = []
  let startedAt: number | null = null
  let samples = 0
  return await new Promise((resolve) => {
    const timer = setInterval(() => {
      const nowMs = performance.now()
      for (const [, frame] of source.pictures(nowMs)) {
        startedAt ??= nowMs
        picturesAt.push(nowMs)
        color = frame
          .data!.slice(0, 3)
          .map((plane, index) => plane[frame.linesize[index]! * (index === 0 ? 180 : 90) + (index === 0 ? 320 : 160)]!)
      }
      if (startedAt === null) return
      while (startedAt + samples / 48 <= nowMs && samples < sound.length) {
        sound.set(source.mixInto(startedAt + samples / 48, CHUNK).left, samples)
        samples += CHUNK
      }
      if (samples < sound.length) return
      clearInterval(timer)
      resolve({ picturesAt, sound, color })
    }, TICK_MS / 2)
  })
}

async function enter(room: number): Promise<RoomSource> {
  const source = new RoomSource({
    address: server.feedAddress,
    taskId: `task-${room}`,
    robot: { room: { appId: 1, kind: 'number', name: String(room) }, userId: 'robot' },
    userSig: testUserSig('robot'),
    changed: () => {},
    removed: (reason, detail) => {
      throw new Error(`${reason}: ${detail}`)
    },
    now: () => performance.now(),
  })
  await vi.waitFor(() => expect(source.participants()[0]).toMatchObject({ sendsCamera: true, sendsAudio: true }), { timeout: 10_000 })
  return source
}

/** Share of the energy that lies at one frequency within 2 % of `hz`: steering bends by up to 1.2 %. */
function purity(samples: Float32Array, hz: number): number {
  let most = 0
  for (let at = hz * 0.98; at <= hz * 1.02; at += 0.5) {
    let re = 0
    let im = 0
    let energy = 0
    samples.forEach((sample, index) => {
      re += sample * Math.cos((2 * Math.PI * at * index) / 48_000)
      im += sample * Math.sin((2 * Math.PI * at * index) / 48_000)
      energy += sample * sample
    })
    most = Math.max(most, (2 * (re * re + im * im)) / samples.length / energy)
  }
  return most
}

/** The least purity from the given second on, in stretches of 50 ms: too short for a bend of 1.2 % to be told from the tone. */
function leastPurity(sound: Float32Array, fromSec: number, hz: number): number {
  let least = 1
  for (let at = fromSec * 48_000; at + 2400 <= sound.length; at += 2400) least = Math.min(least, purity(sound.subarray(at, at + 2400), hz))
  return least
}

const longestWait = (instants: readonly number[]): number =>
  instants.slice(1).reduce((most, at, index) => Math.max(most, at - instants[index]!), 0)

test.each(['h264', 'vp8'] as const)('%s and Opus of Chromium come out in colour, in tune and in time', async (codec) => {
  const page = await browser.newPage()
  const room = codec === 'h264' ? 21 : 22
  await page.publish({
    url: server.address(room, 'alice', 'whip'),
    userSig: testUserSig('alice'),
    codec,
    widthPx: 640,
    heightPx: 360,
    color: '#c02040',
    toneHz: 660,
  })
  const source = await enter(room)
  const enteredAt = performance.now()
  const { picturesAt, sound, color } = await watch(source, 5)
  const figures = source.stats()
  source.close()
  await page.close()
  expect(picturesAt[0]! - enteredAt).toBeLessThan(1500)
  expect(picturesAt.length).toBeGreaterThan(100)
  expect(longestWait(picturesAt)).toBeLessThan(250)
  // BT.601, limited range, of #c02040.
  for (const [index, expected] of [82, 124, 190].entries()) expect(Math.abs(color[index]! - expected)).toBeLessThan(30)
  expect(leastPurity(sound, 1, 660)).toBeGreaterThan(0.9)
  expect(figures.map(({ packetsLost }) => packetsLost)).toEqual([0, 0])
})

test('over 5 % loss and 50 ms of jitter the picture never stands still for half a second, and the voice goes on', async () => {
  let seed = 11
  const proxy = await startUdpProxy(server.rtcPort, () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647)
  const page = await browser.newPage()
  const options = {
    codec: 'vp8',
    widthPx: 640,
    heightPx: 360,
    color: '#c02040',
    maxKbps: 1200,
    toneHz: 660,
    proxyPort: proxy.port,
  } as const
  await page.publish({ url: server.address(23, 'alice', 'whip'), userSig: testUserSig('alice'), ...options })
  const source = await enter(23)
  proxy.loss = 0.05
  proxy.jitterMs = 50
  const { picturesAt, sound } = await watch(source, 12)
  const [camera] = source.stats()
  source.close()
  await page.close()
  proxy.close()
  expect(longestWait(picturesAt)).toBeLessThan(500)
  expect(picturesAt.length).toBeGreaterThan(12 * 15)
  expect(camera!.delayMs).toBeLessThan(450)
  expect(leastPurity(sound, 2, 660)).toBeGreaterThan(0.3)
})
