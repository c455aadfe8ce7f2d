import { afterEach, expect, test, vi } from 'vitest'
import { fakeEngines } from '../../test/support/fake-engine.ts'
import { ManualTimers } from '../../test/support/manual-timers.ts'
import { testSpec } from '../../test/support/test-spec.ts'
import type { EngineStats, Picture } from '../engine/ipc.ts'
import { createLogger } from '../log.ts'
import type { MixSpec } from '../mix/mix-spec.ts'
import { LEASE_MS } from '../store/lease-store.ts'
import { openStore, type Store } from '../store/store.ts'
import { WakeBus } from './wake-bus.ts'
import { createWorker, type Worker } from './worker.ts'

const cleanUps: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp()
})

const picture: Picture = { widthPx: 1, heightPx: 1, rgba: new Uint8Array(4) }

async function setUp({ capacity = 4 } = {}) {
  const timers = new ManualTimers()
  const store = await openStore(':memory:', timers.now)
  cleanUps.push(() => store.close())
  const bus = new WakeBus()
  const fakes = fakeEngines()
  const fetchPicture = vi.fn(async (_url: string): Promise<Picture> => picture)
  const newWorker = (workerId = 'w1', over: Partial<Store> = {}): Worker => {
    const worker = createWorker({
      store: { ...store, ...over },
      workerId,
      capacity,
      feedAddress: () => '/run/feed.sock',
      engineSettings: { encoderThreads: 1 },
      fetchPicture,
      bus,
      log: createLogger('test', 'silent'),
      timers,
      spawnEngine: fakes.spawn,
    })
    cleanUps.push(() => worker.close())
    return worker
  }
  const worker = newWorker()
  await worker.start()
  const task = (id: string) => store.tasks.find(id)
  const add = async (id: string, spec: MixSpec = testSpec(), cost = 1): Promise<void> => {
    expect(await store.tasks.add({ id, spec, cost }, 100, timers.now())).toBe('added')
    bus.wake(id)
  }
  const untilState = (id: string, state: string) => vi.waitFor(async () => expect((await task(id))?.state).toBe(state), { interval: 1 })
  const start = async (id: string, spec?: MixSpec, cost?: number) => {
    await add(id, spec, cost)
    await untilState(id, 'running')
    const engine = fakes.running(id)
    if (engine === undefined) throw new Error('No engine runs the task.')
    return engine
  }
  /** Moves time on in beats, letting each finish. */
  const beats = async (count: number): Promise<void> => {
    for (let beat = 0; beat < count; beat++) {
      timers.advance(1000)
      await settle()
    }
  }
  return { timers, store, bus, fakes, fetchPicture, newWorker, worker, task, add, untilState, start, beats }
}

/** Lets everything run that waits for nothing but other code: the database and the fakes answer without I/O. */
async function settle(): Promise<void> {
  for (let round = 0; round < 20; round++) await new Promise(setImmediate)
}

test('a task goes to the warm spare as soon as workers are woken, and is running when the engine ticks', async () => {
  const { timers, fakes, start, task, worker } = await setUp()
  expect(fakes.engines).toHaveLength(1)
  const engine = await start('task-1')
  expect(engine).toBe(fakes.engines[0])
  expect(engine.job).toEqual({
    taskId: 'task-1',
    spec: testSpec(),
    startedAt: timers.now(),
    feedAddress: '/run/feed.sock',
    settings: { encoderThreads: 1 },
  })
  expect(await task('task-1')).toMatchObject({ startedAt: timers.now(), restarts: 0 })
  expect(worker.enginePid('task-1')).toBe(engine.pid)
})

test('an engine that is killed is replaced by the spare at once, with the same start', async () => {
  const { timers, fakes, start, task, store, beats } = await setUp()
  const first = await start('task-1')
  first.events.output({ url: 'rtmp://a/b/c', state: 'running', changedAt: timers.now(), error: null })
  await beats(2)
  first.die(null, 'SIGKILL')
  await vi.waitFor(() => expect(fakes.running('task-1')).toBeDefined(), { interval: 1 })
  const second = fakes.running('task-1')
  expect(second?.pid).toBe(fakes.engines[1]?.pid)
  expect(second?.job).toEqual(first.job)
  await settle()
  expect(await task('task-1')).toMatchObject({ state: 'running', restarts: 1 })
  expect((await store.outputs.ofTasks(['task-1'])).get('task-1')).toMatchObject([
    { state: 'recovering', error: 'The engine ended (code null, signal SIGKILL).' },
  ])
})

test('more than five crashes within a minute end the task with the reason', async () => {
  const { fakes, add, task, untilState, beats, worker } = await setUp()
  fakes.habits.start = 'rejects'
  await add('task-1')
  await beats(10)
  await untilState('task-1', 'ended')
  expect(await task('task-1')).toMatchObject({
    endReason: 'internal_error',
    endDetail: 'Engines fail again and again: no encoder for rtmp://host/…',
    restarts: 5,
  })
  expect(fakes.engines.filter(({ isAlive }) => isAlive)).toHaveLength(1)
  expect(worker.taskIds()).toEqual([])
})

test('an engine that does not begin to tick is replaced; if none does within 30 s the task ends', async () => {
  const { fakes, add, task, beats } = await setUp()
  fakes.habits.start = 'hangs'
  await add('task-1')
  await beats(9)
  expect(fakes.engines[0]?.isAlive).toBe(true)
  await beats(2)
  expect(fakes.engines[0]?.isAlive).toBe(false)
  expect(await task('task-1')).toMatchObject({ state: 'starting', restarts: 1 })
  await beats(25)
  expect(await task('task-1')).toMatchObject({ state: 'ended', endReason: 'internal_error', endDetail: 'No engine ran within 30 s.' })
  expect(fakes.engines.filter(({ isAlive }) => isAlive)).toHaveLength(1)
})

test('stop lets the engine say goodbye, then the task has ended', async () => {
  const { start, store, bus, timers, task, untilState, worker } = await setUp()
  const engine = await start('task-1')
  await store.tasks.stop('task-1', timers.now())
  bus.wake('task-1')
  await untilState('task-1', 'ended')
  expect(engine.stopCalls).toBe(1)
  expect(await task('task-1')).toMatchObject({ endReason: 'stopped', endedAt: timers.now() })
  expect(worker.freeCapacity()).toBe(4)
})

test('an engine that does not go is killed before the deadline of stopping', async () => {
  const { start, store, bus, timers, untilState, fakes, beats } = await setUp()
  fakes.habits.stop = 'hangs'
  const engine = await start('task-1')
  await store.tasks.stop('task-1', timers.now())
  bus.wake('task-1')
  await settle()
  expect(engine.isAlive).toBe(true)
  await beats(4)
  expect(engine.isAlive).toBe(false)
  await untilState('task-1', 'ended')
})

test('a stop or an update whose wake got lost is found at the next beat', async () => {
  const { start, store, timers, untilState, beats } = await setUp()
  const engine = await start('task-1')
  await store.tasks.change('task-1', 1, { spec: testSpec({ maxIdleSec: 77 }), sequenceNumber: 1, cost: 1 })
  await beats(1)
  expect(engine.updates.map(({ maxIdleSec }) => maxIdleSec)).toEqual([77])
  await store.tasks.stop('task-1', timers.now())
  await beats(1)
  await untilState('task-1', 'ended')
})

test('updates reach the engine in order, and what comes during one is one more', async () => {
  const { start, store, bus, fakes, worker } = await setUp()
  fakes.habits.update = 'waits'
  const engine = await start('task-1')
  const update = async (revision: number): Promise<void> => {
    await store.tasks.change('task-1', revision, { spec: testSpec({ maxIdleSec: 100 + revision }), sequenceNumber: revision, cost: 2 })
    bus.wake('task-1')
    await settle()
  }
  for (const revision of [1, 2, 3]) await update(revision)
  expect(engine.updates.map(({ maxIdleSec }) => maxIdleSec)).toEqual([101])
  engine.finishUpdate()
  await settle()
  expect(engine.updates.map(({ maxIdleSec }) => maxIdleSec)).toEqual([101, 103])
  engine.finishUpdate()
  await settle()
  expect(engine.updates).toHaveLength(2)
  expect(worker.freeCapacity()).toBe(2)
})

test('an update that an engine refuses is not repeated, and the next one goes through', async () => {
  const { start, store, bus, fakes } = await setUp()
  const engine = await start('task-1')
  fakes.habits.update = 'rejects'
  await store.tasks.change('task-1', 1, { spec: testSpec({ maxIdleSec: 50 }), sequenceNumber: 1, cost: 1 })
  bus.wake('task-1')
  await settle()
  fakes.habits.update = 'works'
  await store.tasks.change('task-1', 2, { spec: testSpec({ maxIdleSec: 60 }), sequenceNumber: 2, cost: 1 })
  bus.wake('task-1')
  await settle()
  expect(engine.updates.map(({ maxIdleSec }) => maxIdleSec)).toEqual([50, 60])
  expect(engine.isAlive).toBe(true)
})

test('nobody for MaxIdleTime ends the task; somebody in between starts the time anew', async () => {
  const { start, timers, task, untilState, beats } = await setUp()
  const engine = await start('task-1', testSpec({ maxIdleSec: 5 }))
  engine.events.idle(timers.now())
  await beats(4)
  expect((await task('task-1'))?.state).toBe('idle')
  engine.events.idle(null)
  await beats(4)
  expect((await task('task-1'))?.state).toBe('running')
  engine.events.idle(timers.now())
  await beats(6)
  await untilState('task-1', 'ended')
  expect(await task('task-1')).toMatchObject({ endReason: 'idle_timeout' })
  expect(engine.stopCalls).toBe(1)
})

test('a room that is empty when the engine starts makes the task idle, not starting for ever', async () => {
  const { add, fakes, timers, untilState } = await setUp()
  const engine = fakes.engines[0]
  const begins = engine?.calls.start
  if (engine === undefined || begins === undefined) throw new Error('There should be a spare.')
  engine.calls.start = (job) => {
    engine.events.idle(timers.now())
    return begins(job)
  }
  await add('task-1')
  await untilState('task-1', 'idle')
})

test.each([
  ['replaced: another task entered', 'robot_removed'],
  ['room-closed: by its owner', 'room_dismissed'],
] as const)('a robot that is removed (%s) ends its task as %s', async (reason, endReason) => {
  const { start, task, untilState } = await setUp()
  const engine = await start('task-1')
  engine.events.robotRemoved(reason)
  await untilState('task-1', 'ended')
  expect(await task('task-1')).toMatchObject({ endReason, endDetail: reason })
  expect(engine.isAlive).toBe(false)
})

test('an engine that hangs is replaced; one that reports is not', async () => {
  const { start, beats, fakes, task } = await setUp()
  const engine = await start('task-1')
  for (let report = 0; report < 3; report++) {
    engine.events.stats({ ticks: report } as EngineStats)
    await beats(14)
  }
  expect(engine.isAlive).toBe(true)
  await beats(2)
  expect(engine.isAlive).toBe(false)
  expect(fakes.running('task-1')).toBeDefined()
  expect(await task('task-1')).toMatchObject({ state: 'running', restarts: 1 })
})

test('figures are those of the present engine', async () => {
  const { start, worker, fakes } = await setUp()
  const engine = await start('task-1')
  expect(worker.latestStats('task-1')).toBeNull()
  const stats = { ticks: 7 } as EngineStats
  engine.events.stats(stats)
  expect(worker.latestStats('task-1')).toBe(stats)
  engine.die(null, 'SIGKILL')
  await vi.waitFor(() => expect(fakes.running('task-1')).toBeDefined(), { interval: 1 })
  expect(worker.latestStats('task-1')).toBeNull()
  expect(worker.latestStats('unknown')).toBeNull()
})

test('pictures are handed to the engine and to its successor; one that fails is noted and tried again with the next update', async () => {
  const background = (url: string): MixSpec => {
    const encode = { widthPx: 640, heightPx: 360, fps: 15, bitRateKbps: 500, gopSec: 2 }
    const layout = { kind: 'grid', renderMode: 'crop', holdPureAudio: false } as const
    const watermark = { url: 'https://pictures/logo.png?key=1', zOrder: 1, xPx: 0, yPx: 0, widthPx: 10, heightPx: 10 }
    return testSpec({ video: { encode, layout, background: { color: 0, pictureUrl: url, renderMode: 'crop' }, watermarks: [watermark] } })
  }
  const { start, worker, fakes, fetchPicture, store, bus } = await setUp()
  fetchPicture.mockImplementation(async (url) => {
    if (url.includes('bad')) throw new Error(`Not found: ${url}`)
    return picture
  })
  const engine = await start('task-1', background('https://pictures/bad.png?key=1'))
  await settle()
  expect(engine.pictures.map(({ url }) => url)).toEqual(['https://pictures/logo.png?key=1'])
  expect(worker.pictureFailures('task-1')).toMatchObject([{ url: 'https://pictures/…', message: 'Not found: https://pictures/…' }])

  engine.die(null, 'SIGKILL')
  await vi.waitFor(() => expect(fakes.running('task-1')?.pictures).toHaveLength(1), { interval: 1 })
  const successor = fakes.running('task-1')

  fetchPicture.mockImplementation(async () => picture)
  await store.tasks.change('task-1', 1, { spec: background('https://pictures/bad.png?key=1'), sequenceNumber: 1, cost: 1 })
  bus.wake('task-1')
  await settle()
  expect(successor?.pictures.map(({ url }) => url)).toEqual(['https://pictures/logo.png?key=1', 'https://pictures/bad.png?key=1'])
  expect(worker.pictureFailures('task-1')).toEqual([])
})

test('a task that was lost to another worker is stopped here and its row left alone', async () => {
  const { start, store, timers, task, beats, worker } = await setUp()
  const engine = await start('task-1')
  const { epoch } = (await task('task-1')) ?? { epoch: 0 }
  await store.leases.release({ id: 'task-1', epoch })
  await store.leases.claim('w2', 4, timers.now())
  await beats(1)
  expect(engine.isAlive).toBe(false)
  expect(worker.taskIds()).toEqual([])
  expect(await task('task-1')).toMatchObject({ state: 'running', epoch: epoch + 1 })
})

test('while renewals fail, what streams goes on streaming', async () => {
  const { start, store, beats, task } = await setUp()
  const engine = await start('task-1')
  const renew = vi.spyOn(store.leases, 'renew').mockRejectedValue(new Error('disk full'))
  await beats(10)
  expect(renew.mock.calls.length).toBeGreaterThan(5)
  expect(engine.isAlive).toBe(true)
  renew.mockRestore()
  await beats(2)
  expect(engine.isAlive).toBe(true)
  expect((await task('task-1'))?.state).toBe('running')
})

test('a worker takes no more than it has room for, and the rest when there is room again', async () => {
  const { start, add, store, bus, timers, task, worker, untilState, newWorker } = await setUp({ capacity: 2 })
  await start('task-1', testSpec(), 1.5)
  expect(worker.freeCapacity()).toBe(0.5)
  await store.workers.present('elsewhere', 10)
  await add('task-2', testSpec(), 1)
  await settle()
  expect((await task('task-2'))?.state).toBe('starting')
  await store.tasks.stop('task-1', timers.now())
  bus.wake('task-1')
  await untilState('task-2', 'running')
  expect(newWorker('w2').freeCapacity()).toBe(2)
})

test('closing leaves the tasks running for the next worker of that name, with the same start', async () => {
  const { start, worker, newWorker, fakes, timers, task } = await setUp()
  const engine = await start('task-1')
  await worker.close()
  await worker.close()
  expect(engine.stopCalls).toBe(1)
  expect(fakes.engines.every(({ isAlive }) => !isAlive)).toBe(true)
  expect((await task('task-1'))?.state).toBe('running')
  timers.advance(500)
  await newWorker().start()
  await vi.waitFor(() => expect(fakes.running('task-1')).toBeDefined(), { interval: 1 })
  expect(fakes.running('task-1')?.job).toEqual(engine.job)
})

test('a worker whose server was killed takes its tasks back without waiting for leases', async () => {
  const { store, timers, newWorker, fakes, worker } = await setUp()
  await worker.close()
  await store.workers.present('w1', 4)
  await store.tasks.add({ id: 'task-1', spec: testSpec(), cost: 1 }, 10, timers.now())
  const lease = await store.leases.claim('w1', 4, timers.now())
  if (lease === null) throw new Error('The claim should have found the task.')
  await store.leases.engineStarted(lease)
  timers.advance(LEASE_MS / 2)
  await newWorker().start()
  await vi.waitFor(() => expect(fakes.running('task-1')?.job?.startedAt).toBe(lease.startedAt), { interval: 1 })
})
