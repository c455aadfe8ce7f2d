// A server that ends, politely or by kill -9, and is started again: running tasks go on, ended ones do not.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { createRelayClient } from '../../src/client/relay-client.ts'
import { SyntheticParticipant } from '../../src/demo/synthetic-participant.ts'
import { createLogger } from '../../src/log.ts'
import { createUserSig } from '../../src/trtc/user-sig.ts'
import { freePort } from '../support/free-port.ts'
import { ROOM_ID, startLiveSystem } from '../support/live-system.ts'
import { playMix, type MixPlayer } from '../support/mix-player.ts'
import { startNginxRtmp, type NginxRtmp } from '../support/nginx-rtmp.ts'
import { duoRequest, person, shape, showsBoth, startDuo } from './duo.ts'
import { expectOneTimeLine, gapMs } from './time-line.ts'

let nginx: NginxRtmp
const cleanUps: (() => Promise<unknown> | void)[] = []

beforeAll(async () => {
  nginx = await startNginxRtmp()
})
afterAll(async () => {
  await nginx.stop()
})
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp()
})

function play(key: string): MixPlayer {
  const player = playMix(nginx.url(key))
  cleanUps.push(() => player.close())
  return player
}

/** Waits until both are seen again, and says after how much output time. */
async function expectGoesOn(player: MixPlayer, endedAt: number, limitMs: number): Promise<void> {
  const restartedAt = Date.now()
  await vi.waitFor(() => expect(player.pictures.filter(({ arrivedAt }) => arrivedAt > restartedAt + 3000).length).toBeGreaterThan(30), {
    timeout: 25_000,
  })
  await player.stop()
  expectOneTimeLine(player, endedAt)
  const pictures = await player.decode(shape)
  const [any, both] = [gapMs(pictures, endedAt, () => true), gapMs(pictures, endedAt, showsBoth)]
  console.info(`server ended: no picture for ${any} ms, both participants back after ${both} ms`)
  expect(both).toBeLessThan(limitMs)
}

test('a server restarted goes on with the tasks that ran, and leaves the ended alone', async () => {
  const system = await startLiveSystem()
  cleanUps.push(() => system.close())
  await Promise.all([system.join('left', person(0)), system.join('right', person(1))])
  const player = play('polite')
  const ended = await startDuo(system, [nginx.url('ended')], { robot: 'robot-2' })
  const taskId = await startDuo(system, [nginx.url('polite')])
  await vi.waitFor(() => expect(player.playingMs).toBeGreaterThan(2200), { timeout: 15_000 })
  await system.client.call('StopPublishCdnStream', { SdkAppId: system.sdkAppId, TaskId: ended })
  await vi.waitFor(async () => expect((await system.server.tasks.list()).find((task) => task.taskId === ended)?.state).toBe('ended'), {
    timeout: 5000,
  })
  const endedAt = Date.now()
  await system.restart()
  await expectGoesOn(player, endedAt, 10_000)
  expect(await system.server.tasks.list()).toMatchObject([
    { taskId, state: 'running', outputs: [{ state: 'running' }] },
    { taskId: ended, state: 'ended', endReason: 'stopped' },
  ])
  expect(system.server.worker.taskIds()).toEqual([taskId])
})

const sdkAppId = 1400188366
const sdkSecretKey = 'a key that only this test has'
const program = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
const userSig = (userId: string): string => createUserSig({ sdkAppId, userId, key: sdkSecretKey }, Math.floor(Date.now() / 1000), 86_400)

/** Process ids of those a process has started. */
const childrenOf = (pid: number): number[] =>
  execFileSync('cat', [`/proc/${pid}/task/${pid}/children`], { encoding: 'utf8' })
    .split(' ')
    .filter(Boolean)
    .map(Number)

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('a server killed leaves no process behind, and its successor goes on with its tasks', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'tributary-killed-'))
  cleanUps.push(() => rmSync(dataDir, { recursive: true, force: true }))
  const [httpPort, rtcPort] = [await freePort(), await freePort()]
  const settings = {
    HTTP_PORT: httpPort,
    RTC_PORT: rtcPort,
    BIND_ADDRESS: '127.0.0.1',
    ORIGIN: false,
    DATA_DIR: dataDir,
    SECRET_ID: 'id',
    SECRET_KEY: 'key',
    SDK_APP_ID: sdkAppId,
    SDK_SECRET_KEY: sdkSecretKey,
    CAPACITY: 100,
    LOG_LEVEL: 'error',
  }
  const environment = Object.fromEntries(Object.entries(settings).map(([name, value]) => [`TRIBUTARY_${name}`, String(value)]))
  const endpoint = `http://127.0.0.1:${httpPort}`
  const serve = async (): Promise<ChildProcess> => {
    const server = spawn(process.execPath, [program, 'serve'], { env: { ...process.env, ...environment }, stdio: 'ignore' })
    const exited = once(server, 'exit')
    cleanUps.push(async () => {
      server.kill('SIGTERM')
      await exited
    })
    await vi.waitFor(async () => expect((await fetch(`${endpoint}/readyz`)).status).toBe(200), { timeout: 15_000 })
    return server
  }
  const first = await serve()
  for (const index of [0, 1] as const) {
    const { userId, ...rest } = person(index)
    const whipUrl = `${endpoint}/apps/${sdkAppId}/rooms/${ROOM_ID}/users/${userId}/whip`
    const participant = new SyntheticParticipant({
      codec: 'vp8',
      ...rest,
      whipUrl,
      userSig: userSig(userId),
      log: createLogger('test', 'silent'),
    } as ConstructorParameters<typeof SyntheticParticipant>[0])
    cleanUps.push(() => participant.close())
    await participant.start()
  }
  const player = play('killed')
  const client = createRelayClient({ endpoint, secretId: 'id', secretKey: 'key' })
  const { TaskId } = await client.call('StartPublishCdnStream', duoRequest({ sdkAppId, userSig }, [nginx.url('killed')]))
  await vi.waitFor(() => expect(player.playingMs).toBeGreaterThan(2200), { timeout: 15_000 })

  const children = childrenOf(first.pid ?? -1)
  // Rooms, the task's engine, the spare.
  expect(children).toHaveLength(3)
  const killedAt = Date.now()
  first.kill('SIGKILL')
  await vi.waitFor(() => expect(children.filter(isAlive)).toEqual([]), { timeout: 2000, interval: 10 })
  await serve()
  await expectGoesOn(player, killedAt, 10_000)
  await client.call('StopPublishCdnStream', { SdkAppId: sdkAppId, TaskId })
})
