// Real engine processes under a worker: started, killed, stopped, and gone with their server.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { WakeBus } from '../../src/fleet/wake-bus.ts'
import { createWorker, type Worker } from '../../src/fleet/worker.ts'
import { createLogger } from '../../src/log.ts'
import { createTasks } from '../../src/server/tasks/create-tasks.ts'
import { openStore } from '../../src/store/store.ts'
import { testSpec } from '../support/test-spec.ts'

const cleanUps: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp()
})

const log = createLogger('test', 'silent')
const spec = testSpec({
  video: {
    encode: { widthPx: 320, heightPx: 180, fps: 15, bitRateKbps: 200, gopSec: 2 },
    layout: { kind: 'grid', renderMode: 'crop', holdPureAudio: false },
    background: { color: 0x336699, pictureUrl: null, renderMode: 'crop' },
    watermarks: [],
  },
})

async function setUp() {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-fleet-'))
  cleanUps.push(() => rmSync(folder, { recursive: true }))
  const store = await openStore(join(folder, 'tributary.sqlite'))
  cleanUps.push(() => store.close())
  const bus = new WakeBus()
  const newWorker = (): Worker => {
    const worker = createWorker({
      store,
      workerId: 'w1',
      capacity: 4,
      // Nobody listens there: an engine mixes its empty room all the same.
      feedAddress: () => join(folder, 'feed.sock'),
      engineSettings: { encoderThreads: 1 },
      fetchPicture: () => Promise.reject(new Error('no pictures here')),
      bus,
      log,
    })
    cleanUps.push(() => worker.close())
    return worker
  }
  const tasks = createTasks({ store, wake: bus.wake, now: Date.now, maxTasksOf: async () => 10, log })
  return { store, newWorker, tasks }
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

const ticking = (worker: Worker, taskId: string, not: number | null = null): Promise<number> =>
  vi.waitFor(
    () => {
      const pid = worker.enginePid(taskId)
      expect(pid).not.toBe(not)
      expect(worker.latestStats(taskId)?.ticks).toBeGreaterThan(0)
      return pid ?? -1
    },
    { timeout: 15_000, interval: 5 },
  )

test('an engine that is killed is followed by the spare, and stop ends what is left', async () => {
  const { newWorker, tasks, store } = await setUp()
  const worker = newWorker()
  await worker.start()
  const taskId = await tasks.start(spec, 'request')
  const first = await ticking(worker, taskId)
  const { startedAt } = (await store.tasks.find(taskId)) ?? {}

  process.kill(first, 'SIGKILL')
  const second = await ticking(worker, taskId, first)
  expect(await store.tasks.find(taskId)).toMatchObject({ restarts: 1, startedAt })
  expect(isAlive(first)).toBe(false)

  await tasks.stop(spec.room.appId, taskId, 'request')
  await vi.waitFor(async () => expect((await tasks.list())[0]).toMatchObject({ state: 'ended', endReason: 'stopped' }), { timeout: 11_000 })
  expect(isAlive(second)).toBe(false)
})

test('a worker that closes leaves no process behind, and its successor goes on with the task', async () => {
  const { newWorker, tasks, store } = await setUp()
  const before = newWorker()
  await before.start()
  const taskId = await tasks.start(spec, 'request')
  const first = await ticking(before, taskId)
  const { startedAt } = (await store.tasks.find(taskId)) ?? {}
  await before.close()
  expect(isAlive(first)).toBe(false)

  const after = newWorker()
  await after.start()
  await ticking(after, taskId, first)
  expect(await store.tasks.find(taskId)).toMatchObject({ startedAt, restarts: 1 })
})
