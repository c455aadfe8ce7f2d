// A participant behind a bad network: the mix freezes for moments at most, and never shows a corrupt picture.
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { startLiveSystem, type LiveSystem } from '../support/live-system.ts'
import { playMix, type MixPlayer } from '../support/mix-player.ts'
import { startNginxRtmp, type NginxRtmp } from '../support/nginx-rtmp.ts'
import { isColor, type ShownPicture } from '../support/shown-picture.ts'
import { startWhipProxy, type WhipProxy } from '../support/whip-proxy.ts'
import { FPS, people, person, shape, startDuo } from './duo.ts'

const LOSSY_MS = 30_000
const OUTAGE_MS = 1000
/** Luma of a flat background, encoded twice. */
const FLATNESS = 12
/** Of the moving square in a tile, with blurred edges. */
const SQUARE_PX = 42
/** Larger than its tile, so that most pictures take several packets. */
const source = { widthPx: 1280, heightPx: 720, fps: 30, bitRateKbps: 1500 }
const lossyShape = { ...shape, tiles: [{ ...shape.tiles[0]!, source }, shape.tiles[1]!] }

let nginx: NginxRtmp
let system: LiveSystem
let proxy: WhipProxy
let player: MixPlayer

beforeAll(async () => {
  ;[nginx, system] = await Promise.all([startNginxRtmp(), startLiveSystem()])
  proxy = await startWhipProxy(system.server.httpUrl, system.server.config.rtcPort)
})
afterEach(async () => {
  await player?.close()
})
afterAll(async () => {
  await system?.close()
  proxy?.close()
  await nginx?.stop()
})

const throughProxy = (index: 0 | 1) => ({ ...person(index), whipUrl: proxy.through(system.whipUrl(people[index].userId)) })

/** SRTP leaves the header as it is: version 2 and the payload type of synthetic pictures. */
const isVideo = (packet: Buffer): boolean => packet.length > 12 && packet.readUInt8(0) >> 6 === 2 && (packet.readUInt8(1) & 0x7f) === 102

/** Milliseconds for which the left tile showed an old picture: of each distance between new ones, what is more than three frames. */
function frozenMs(pictures: readonly ShownPicture[]): number[] {
  const fresh = pictures.filter(({ tiles }, index) => index === 0 || tiles[0]?.code !== pictures[index - 1]?.tiles[0]?.code)
  const allowedMs = 3000 / FPS
  return fresh.slice(1).map(({ timestampMs }, index) => Math.max(0, timestampMs - (fresh[index]?.timestampMs ?? 0) - allowedMs))
}

test('5 % loss and 50 ms of jitter for 30 s freeze the mix for no more than 0.5 s and corrupt no picture', async () => {
  const lossy = await system.join('left', { ...throughProxy(0), ...source })
  await system.join('right', person(1))
  player = playMix(nginx.url('lossy'))
  const taskId = await startDuo(system, [nginx.url('lossy')])
  await vi.waitFor(() => expect(player.playingMs).toBeGreaterThan(2200), { timeout: 15_000 })
  const from = Date.now()
  proxy.udp.jitterMs = 50
  proxy.udp.loss = 0.05
  const [droppedBefore, packetsBefore] = [proxy.udp.dropped, lossy.stats.packets]
  await vi.waitFor(() => expect(player.pictures.at(-1)?.arrivedAt).toBeGreaterThan(from + LOSSY_MS), {
    timeout: LOSSY_MS + 5000,
    interval: 100,
  })
  const [dropped, packets] = [proxy.udp.dropped - droppedBefore, lossy.stats.packets - packetsBefore]
  proxy.udp.loss = 0
  proxy.udp.jitterMs = 0
  await system.client.call('StopPublishCdnStream', { SdkAppId: system.sdkAppId, TaskId: taskId })
  await player.stop()
  expect(dropped).toBeGreaterThan(packets * 0.04)
  expect(lossy.stats).toMatchObject({ reconnects: 0 })
  await lossy.close()

  const pictures = (await player.decode(lossyShape)).filter(({ arrivedAt }) => arrivedAt > from)
  const freezes = frozenMs(pictures)
  const sumMs = freezes.reduce((sum, one) => sum + one, 0)
  const left = pictures.map(({ tiles }) => tiles[0]!)
  const roughest = Math.max(...left.map(({ roughness }) => roughness))
  console.info(
    `${dropped} of ${packets} packets lost, ${lossy.stats.retransmitted} sent again: frozen for ${sumMs} ms in ${freezes.filter((one) => one > 0).length} freezes, roughness ${roughest.toFixed(1)}`,
  )
  expect(sumMs).toBeLessThanOrEqual(500)
  expect(left.filter((tile) => !isColor(tile, people[0].color))).toEqual([])
  expect(left.filter(({ code }) => code === null)).toEqual([])
  expect(roughest).toBeLessThan(FLATNESS)
  expect(Math.max(...left.map(({ whiteInLane }) => whiteInLane))).toBeLessThanOrEqual(SQUARE_PX)
  expect(left.filter(({ whiteInLane }) => whiteInLane > SQUARE_PX / 2).length).toBeGreaterThan(left.length / 2)
  // Every time code is of a picture that was sent lately, and they only rise: what was read is what was painted.
  const codes = left.map(({ code }) => code ?? 0)
  for (const [index, { arrivedAt }] of pictures.entries()) {
    const ageMs = (Math.floor(arrivedAt) - (codes[index] ?? 0) + 2 ** 24) % 2 ** 24
    expect(ageMs).toBeLessThan(2500)
    // The code wraps every few hours.
    expect(((codes[index] ?? 0) - (codes[index - 1] ?? codes[index] ?? 0) + 2 ** 24) % 2 ** 24).toBeLessThan(2500)
  }
})

test('a first key frame that was lost on the way is asked for again', async () => {
  await system.join('right', person(1))
  player = playMix(nginx.url('headless'))
  const taskId = await startDuo(system, [nginx.url('headless')])
  await vi.waitFor(() => expect(player.playingMs).toBeGreaterThan(1000), { timeout: 15_000 })
  let toLose = 12
  proxy.udp.loses = (packet) => isVideo(packet) && toLose-- > 0
  // An identity that the room has not seen yet stands in the left tile.
  const late = await system.join('left', { ...throughProxy(0), ...source })
  const joinedAt = Date.now()
  await vi.waitFor(() => expect(player.pictures.at(-1)?.arrivedAt).toBeGreaterThan(joinedAt + 3000), { timeout: 6000 })
  expect(toLose).toBeLessThanOrEqual(0)
  expect(late.stats.keyFrameRequests).toBeGreaterThan(0)
  await system.client.call('StopPublishCdnStream', { SdkAppId: system.sdkAppId, TaskId: taskId })
  await player.stop()
  const pictures = await player.decode(lossyShape)
  const isLeft = ({ tiles }: ShownPicture): boolean => isColor(tiles[0], people[0].color)
  await late.close()
  const first = pictures.findIndex((picture) => picture.arrivedAt > joinedAt - 1000 && isLeft(picture))
  const waitedMs = (pictures[first]?.arrivedAt ?? Infinity) - joinedAt
  console.info(`seen ${Math.round(waitedMs)} ms after the connection stood, in spite of a lost key frame`)
  expect(waitedMs).toBeLessThan(2000)
  // Before it nothing at all, from then on whole pictures.
  for (const { tiles } of pictures.slice(0, first)) expect(isColor(tiles[0], 0x000000)).toBe(true)
  for (const { tiles } of pictures.slice(first))
    expect([isColor(tiles[0], people[0].color), tiles[0]?.code === null, (tiles[0]?.roughness ?? 99) < FLATNESS]).toEqual([
      true,
      false,
      true,
    ])
})

test('when no picture comes for a second, the tile stands still and goes on with a whole picture', async () => {
  await system.join('right', person(1))
  const lossy = await system.join('left', { ...throughProxy(0), ...source })
  player = playMix(nginx.url('outage'))
  const taskId = await startDuo(system, [nginx.url('outage')])
  await vi.waitFor(() => expect(player.playingMs).toBeGreaterThan(1500), { timeout: 15_000 })
  const from = Date.now()
  proxy.udp.loses = (packet) => isVideo(packet) && Date.now() < from + OUTAGE_MS
  await vi.waitFor(() => expect(player.pictures.at(-1)?.arrivedAt).toBeGreaterThan(from + 3500), { timeout: 6000 })
  await system.client.call('StopPublishCdnStream', { SdkAppId: system.sdkAppId, TaskId: taskId })
  await player.stop()
  await lossy.close()
  const pictures = (await player.decode(lossyShape)).filter(({ arrivedAt }) => arrivedAt > from)
  const frozen = frozenMs(pictures).filter((ms) => ms > 0)
  console.info(`pictures lost for ${OUTAGE_MS} ms froze the tile for ${frozen.join(' + ')} ms more than allowed`)
  expect(frozen).toHaveLength(1)
  expect(frozen[0]).toBeGreaterThan(OUTAGE_MS - 500)
  expect(frozen[0]).toBeLessThan(OUTAGE_MS + 500)
  for (const { tiles } of pictures)
    expect([isColor(tiles[0], people[0].color), tiles[0]?.code === null, (tiles[0]?.whiteInLane ?? 99) <= SQUARE_PX]).toEqual([
      true,
      false,
      true,
    ])
})
