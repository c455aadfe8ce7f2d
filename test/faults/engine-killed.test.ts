// kill -9 of an engine while it pushes: its successor goes on with the same task on the same time line.
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { startLiveSystem, type LiveSystem } from '../support/live-system.ts'
import { playMix, type MixPlayer } from '../support/mix-player.ts'
import { startNginxRtmp, type NginxRtmp } from '../support/nginx-rtmp.ts'
import { person, shape, showsBoth, startDuo } from './duo.ts'
import { expectOneTimeLine, gapMs } from './time-line.ts'

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

test('an engine killed while it pushes is followed within a second, and its output goes on', async () => {
  const { worker, tasks } = system.server
  player = playMix(nginx.url('mix'))
  const taskId = await startDuo(system, [nginx.url('mix')])
  await vi.waitFor(() => expect(player.playingMs).toBeGreaterThan(2200), { timeout: 15_000 })
  const killed = worker.enginePid(taskId)
  const killedAt = Date.now()
  process.kill(killed ?? -1, 'SIGKILL')
  await vi.waitFor(() => expect([null, killed]).not.toContain(worker.enginePid(taskId)), { timeout: 1000, interval: 5 })
  await vi.waitFor(() => expect(player.pictures.filter(({ arrivedAt }) => arrivedAt > killedAt + 2000).length).toBeGreaterThan(45), {
    timeout: 15_000,
  })
  expect((await tasks.list())[0]).toMatchObject({ taskId, state: 'running', restarts: 1, outputs: [{ state: 'running' }] })
  await system.client.call('StopPublishCdnStream', { SdkAppId: system.sdkAppId, TaskId: taskId })
  await player.stop()

  expectOneTimeLine(player, killedAt)
  const pictures = await player.decode(shape)
  const [output, both] = [gapMs(pictures, killedAt, () => true), gapMs(pictures, killedAt, showsBoth)]
  console.info(`no picture for ${output} ms, both participants back after ${both} ms`)
  expect(both).toBeLessThan(1500)
})
