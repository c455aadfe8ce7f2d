// kill -9 of the rooms process during a push: the output goes on, participants come back by themselves.
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { startLiveSystem, type LiveSystem } from '../support/live-system.ts'
import { playMix, type MixPlayer } from '../support/mix-player.ts'
import { startNginxRtmp, type NginxRtmp } from '../support/nginx-rtmp.ts'
import { FPS, person, shape, showsBoth, startDuo } from './duo.ts'
import { distances, expectOneTimeLine, gapMs } from './time-line.ts'

let nginx: NginxRtmp
let system: LiveSystem
let player: MixPlayer

beforeAll(async () => {
  ;[nginx, system] = await Promise.all([startNginxRtmp(), startLiveSystem()])
  await Promise.all([system.join('left', person(0)), system.join('right', person(1))])
})
afterAll(async () => {
  await player?.close()
  await system?.close()
  await nginx?.stop()
})

/** An offer that is answered as long as somebody is there to read it. */
const publishNothing = (): Promise<Response> =>
  fetch(system.whipUrl('third'), {
    method: 'POST',
    headers: { 'content-type': 'application/sdp', authorization: `Bearer ${system.userSig('third')}` },
    body: 'v=0\r\n',
  })

test('a rooms process killed during a push costs seconds of pictures, not the output and not the server', async () => {
  const { rooms, tasks, httpUrl } = system.server
  player = playMix(nginx.url('mix'))
  const taskId = await startDuo(system, [nginx.url('mix')])
  await vi.waitFor(() => expect(player.playingMs).toBeGreaterThan(2200), { timeout: 15_000 })
  const killedAt = Date.now()
  process.kill(rooms.pid, 'SIGKILL')

  await vi.waitFor(() => expect(rooms.isUp).toBe(false), { timeout: 1000, interval: 1 })
  const refusal = await publishNothing()
  expect([refusal.status, refusal.headers.get('retry-after')]).toEqual([503, '2'])
  expect((await fetch(`${httpUrl}/healthz`)).status).toBe(200)
  expect((await fetch(`${httpUrl}/readyz`)).status).toBe(503)
  await expect(system.client.call('StopPublishCdnStream', { SdkAppId: system.sdkAppId, TaskId: 'none' })).rejects.toThrow(/TaskId|Task/)

  await vi.waitFor(() => expect(rooms.isUp).toBe(true), { timeout: 5000 })
  expect((await publishNothing()).status).toBe(400)
  const inRoom = async () =>
    (await rooms.calls.list())[0]?.participants
      .filter(({ tracks }) => tracks.length === 2)
      .map(({ userId }) => userId)
      .sort()
  await vi.waitFor(async () => expect(await inRoom()).toEqual(['left', 'right']), { timeout: 10_000, interval: 50 })
  const backAt = Date.now()
  await vi.waitFor(() => expect(player.pictures.at(-1)?.arrivedAt).toBeGreaterThan(backAt + 2500), { timeout: 10_000 })
  expect((await tasks.list())[0]).toMatchObject({ taskId, state: 'running', restarts: 0, outputs: [{ state: 'running' }] })
  await player.stop()

  expectOneTimeLine(player, killedAt)
  // Not one picture is missing: the engine went on by itself.
  expect(Math.max(...distances(player.pictures))).toBeLessThan(1500 / FPS)
  const both = gapMs(await player.decode(shape), killedAt, showsBoth)
  console.info(`rooms killed: participants in the room after ${backAt - killedAt} ms, both seen again after ${both} ms`)
  expect(both).toBeLessThan(7000)
})
