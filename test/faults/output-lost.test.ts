// Of three destinations one hangs, dies and comes back, and one never was there; the third notices nothing.
import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { startLiveSystem, type LiveSystem } from '../support/live-system.ts'
import { decodePictures, playMix, type MixPlayer } from '../support/mix-player.ts'
import { startNginxRtmp, type NginxRtmp } from '../support/nginx-rtmp.ts'
import { isColor } from '../support/shown-picture.ts'
import { FPS, people, person, shape, startDuo } from './duo.ts'
import { distances } from './time-line.ts'

let good: NginxRtmp
let bad: NginxRtmp
let system: LiveSystem
let player: MixPlayer

beforeAll(async () => {
  ;[good, bad, system] = await Promise.all([startNginxRtmp(), startNginxRtmp(), startLiveSystem()])
  await Promise.all([system.join('left', person(0)), system.join('right', person(1))])
})
afterAll(async () => {
  await player?.close()
  await system?.close()
  await Promise.all([good?.stop(), bad?.stop()])
})

test('a destination that hangs, dies and returns is back within 3 s, and the others lose no frame', async () => {
  const [url, refusedUrl] = [bad.url('mix'), `rtmp://127.0.0.1:${await freePort()}/live/refused`]
  player = playMix(good.url('mix'))
  const taskId = await startDuo(system, [good.url('mix'), url, refusedUrl])
  const states: string[] = []
  const look = async (): Promise<string | undefined> => {
    const state = (await system.server.tasks.list())[0]?.outputs.find((output) => output.url === url)?.state
    if (state !== undefined && state !== states.at(-1)) states.push(state)
    return state
  }
  const outputIs = (state: string, timeout: number): Promise<void> =>
    vi.waitFor(async () => expect(await look()).toBe(state), { timeout, interval: 20 })
  await outputIs('running', 5000)
  await vi.waitFor(() => expect(player.playingMs).toBeGreaterThan(1000), { timeout: 15_000 })

  const pausedAt = Date.now()
  bad.pause()
  await outputIs('recovering', 8000)
  const noticedMs = Date.now() - pausedAt
  await vi.waitFor(() => expect(player.pictures.at(-1)?.arrivedAt).toBeGreaterThan(pausedAt + 8000), { timeout: 9000 })
  await bad.stop()
  bad = await startNginxRtmp({ port: bad.port })
  const returnedAt = Date.now()
  await outputIs('running', 3000)
  console.info(`hanging server noticed after ${noticedMs} ms, pushed to again ${Date.now() - returnedAt} ms after the server's return`)
  expect(states.slice(-3)).toEqual(['running', 'recovering', 'running'])

  await vi.waitFor(() => expect(player.pictures.at(-1)?.arrivedAt).toBeGreaterThan(returnedAt + 3000), { timeout: 6000 })
  const task = (await system.server.tasks.list())[0]
  expect(task).toMatchObject({ state: 'running', restarts: 0 })
  expect(task?.outputs.find((output) => output.url === refusedUrl)).toMatchObject({
    state: 'connecting',
    error: expect.stringMatching(/refused/i),
  })
  await system.client.call('StopPublishCdnStream', { SdkAppId: system.sdkAppId, TaskId: taskId })
  await player.stop()

  // Timestamps are whole milliseconds: 66 and 67 in turn. Everything that was mixed came.
  expect([...new Set(distances(player.pictures))].sort((a, b) => a - b)).toEqual([Math.floor(1000 / FPS), Math.ceil(1000 / FPS)])
  const recording = bad.recording('mix')
  const packets = execFileSync(
    'ffprobe',
    ['-v', 'error', '-select_streams', 'v', '-show_entries', 'packet=flags', '-of', 'csv=p=0', recording],
    { encoding: 'utf8' },
  )
    .trim()
    .split('\n')
  expect(packets[0]).toMatch(/^K/)
  const shown = await decodePictures(recording, shape)
  expect(shown.length).toBe(packets.length)
  // Nothing but whole pictures, from the very first on.
  for (const tiles of shown) for (const [index, { color }] of people.entries()) expect(isColor(tiles[index], color)).toBe(true)
})
