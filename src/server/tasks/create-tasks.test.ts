import { afterEach, expect, test } from 'vitest'
import { testSpec } from '../../../test/support/test-spec.ts'
import { createLogger } from '../../log.ts'
import { costOf } from '../../mix/cost.ts'
import { openStore, type Store } from '../../store/store.ts'
import { createTasks } from './create-tasks.ts'
import type { TaskError } from './tasks.ts'

const APP = testSpec().room.appId
const DAY_MS = 24 * 3600 * 1000

const open: Store[] = []
afterEach(async () => {
  for (const store of open.splice(0)) await store.close()
})

async function setUp({ maxTasks = 10, capacity = 100 } = {}) {
  const clock = { ms: 1_700_000_000_000 }
  const store = await openStore(':memory:', () => clock.ms)
  open.push(store)
  await store.workers.present('w1', capacity)
  const woken: string[] = []
  const tasks = createTasks({
    store,
    wake: (id) => woken.push(id),
    now: () => clock.ms,
    maxTasksOf: async (appId) => (appId === APP ? maxTasks : 1000),
    log: createLogger('test', 'silent'),
  })
  return { clock, store, tasks, woken }
}

const refusal = (kind: TaskError['kind']) => expect.objectContaining({ name: 'TaskError', kind })

test('a started task is stored before its workers are woken, under an opaque id', async () => {
  const { tasks, woken, clock } = await setUp()
  const id = await tasks.start(testSpec(), 'request')
  expect(id).toMatch(/^[A-Za-z0-9][A-Za-z0-9._-]{19,127}$/)
  expect(woken).toEqual([id])
  expect(await tasks.list()).toEqual([
    {
      taskId: id,
      spec: testSpec(),
      state: 'starting',
      endReason: null,
      endDetail: null,
      outputs: [{ url: 'rtmp://127.0.0.1/live/secret-key', state: 'idle', error: null, changedAt: clock.ms }],
      createdAt: clock.ms,
      startedAt: null,
      endedAt: null,
      restarts: 0,
    },
  ])
  expect(await tasks.start(testSpec(), 'request')).not.toBe(id)
})

test('too many tasks of an application, and more than the workers hold, are over quota', async () => {
  const few = await setUp({ maxTasks: 1 })
  await few.tasks.start(testSpec(), 'request')
  await expect(few.tasks.start(testSpec(), 'request')).rejects.toThrow('The application runs 1 tasks already, which is its limit.')
  const small = await setUp({ capacity: costOf(testSpec()) * 1.5 })
  await small.tasks.start(testSpec(), 'request')
  await expect(small.tasks.start(testSpec(), 'request')).rejects.toEqual(refusal('over-quota'))
  expect(await small.tasks.list()).toHaveLength(1)
})

test('the first update may carry any number of 0 or more, later ones must rise', async () => {
  const { tasks } = await setUp()
  const id = await tasks.start(testSpec(), 'request')
  const update = (sequenceNumber: number) =>
    tasks.update(APP, id, sequenceNumber, (spec) => ({ ...spec, maxIdleSec: 100 + sequenceNumber }), 'request')
  await expect(update(-1)).rejects.toThrow('SequenceNumber must be at least 0 (got -1).')
  await update(0)
  await update(7)
  await expect(update(7)).rejects.toThrow('SequenceNumber must be above 7, the last accepted one (got 7).')
  await expect(update(3)).rejects.toEqual(refusal('stale-sequence-number'))
  expect((await tasks.list())[0]?.spec.maxIdleSec).toBe(107)
})

test('a change that throws leaves spec and sequence number as they were', async () => {
  const { tasks, woken } = await setUp()
  const id = await tasks.start(testSpec(), 'request')
  const refuse = () => {
    throw new Error('outside the canvas')
  }
  await expect(tasks.update(APP, id, 5, refuse, 'request')).rejects.toThrow('outside the canvas')
  expect(woken).toEqual([id])
  await tasks.update(APP, id, 5, (spec) => ({ ...spec, maxIdleSec: 99 }), 'request')
  expect((await tasks.list())[0]?.spec.maxIdleSec).toBe(99)
})

test('updates at the same time: each is made from the one before, none is lost', async () => {
  const { tasks } = await setUp()
  const id = await tasks.start(testSpec({ maxIdleSec: 10 }), 'request')
  const add = (sequenceNumber: number) =>
    tasks.update(APP, id, sequenceNumber, (spec) => ({ ...spec, maxIdleSec: spec.maxIdleSec + 1 }), 'request')
  const results = await Promise.allSettled([1, 2, 3, 4].map(add))
  const accepted = results.filter(({ status }) => status === 'fulfilled').length
  expect(accepted).toBeGreaterThan(0)
  for (const result of results) if (result.status === 'rejected') expect(result.reason).toEqual(refusal('stale-sequence-number'))
  expect((await tasks.list())[0]?.spec.maxIdleSec).toBe(10 + accepted)
})

test('nothing but its own living, young task may be updated or stopped', async () => {
  const { tasks, clock } = await setUp()
  const id = await tasks.start(testSpec(), 'request')
  const same = <T>(spec: T): T => spec
  const both = async (appId: number, taskId: string, message: string) => {
    await expect(tasks.update(appId, taskId, 1, same, 'request')).rejects.toThrow(message)
    await expect(tasks.stop(appId, taskId, 'request')).rejects.toEqual(refusal('not-found'))
  }
  await both(APP, 'unknown', 'Task unknown does not exist.')
  await both(1, id, `Task ${id} does not exist.`)
  clock.ms += 30 * DAY_MS + 1
  await both(APP, id, `Task ${id} was started more than 30 days ago.`)
  clock.ms -= DAY_MS
  await tasks.stop(APP, id, 'request')
  await both(APP, id, `Task ${id} has ended.`)
})

test('stop is stored and wakes the worker', async () => {
  const { tasks, woken } = await setUp()
  const id = await tasks.start(testSpec(), 'request')
  await tasks.stop(APP, id, 'request')
  expect(woken).toEqual([id, id])
  expect(await tasks.list()).toMatchObject([{ state: 'stopping', endReason: 'stopped' }])
})

test('outputs are shown as the spec lists them; those of an ended task are idle', async () => {
  const { tasks, store, clock } = await setUp()
  const id = await tasks.start(testSpec(), 'request')
  const lease = await store.leases.claim('w1', 100, clock.ms)
  if (lease === null) throw new Error('The claim should have found the task.')
  const url = testSpec().outputs[0]?.url ?? ''
  await store.outputs.record(lease, { url, state: 'running', changedAt: 5, error: null })
  await store.outputs.record(lease, { url: 'rtmp://removed/by/update', state: 'idle', changedAt: 5, error: null })
  expect((await tasks.list())[0]?.outputs).toEqual([{ url, state: 'running', changedAt: 5, error: null }])
  await tasks.stop(APP, id, 'request')
  await store.leases.engineGone(lease, clock.ms + 9)
  expect(await tasks.list()).toMatchObject([
    { state: 'ended', endReason: 'stopped', outputs: [{ url, state: 'idle', changedAt: clock.ms + 9 }] },
  ])
})

test('a task is paused and resumed over updates, each time as a new revision, and never when it is so already', async () => {
  const { tasks, store, woken } = await setUp()
  const id = await tasks.start(testSpec(), 'request')
  await tasks.setPaused(APP, id, true, 'request')
  await tasks.setPaused(APP, id, true, 'request')
  expect(woken).toEqual([id, id])
  await tasks.update(APP, id, 1, (spec) => ({ ...spec, maxIdleSec: 99 }), 'request')
  expect((await tasks.find(APP, id)).spec).toMatchObject({ outputsPaused: true, maxIdleSec: 99 })
  await tasks.setPaused(APP, id, false, 'request')
  expect((await tasks.find(APP, id)).spec.outputsPaused).toBe(false)
  expect(await store.tasks.find(id)).toMatchObject({ revision: 4, sequenceNumber: 1 })
  await tasks.stop(APP, id, 'request')
  await expect(tasks.setPaused(APP, id, true, 'request')).rejects.toThrow(`Task ${id} has ended.`)
})

test('what start and update would say is told without doing it', async () => {
  const { tasks, woken } = await setUp({ maxTasks: 1 })
  await tasks.checkStart(testSpec())
  expect(await tasks.list()).toEqual([])
  const id = await tasks.start(testSpec(), 'request')
  await expect(tasks.checkStart(testSpec())).rejects.toThrow('The application runs 1 tasks already, which is its limit.')
  const change = (spec: ReturnType<typeof testSpec>) => ({ ...spec, maxIdleSec: 99 })
  expect((await tasks.checkUpdate(APP, id, 0, change)).maxIdleSec).toBe(99)
  expect((await tasks.find(APP, id)).spec.maxIdleSec).toBe(30)
  await expect(tasks.checkUpdate(APP, id, -1, change)).rejects.toEqual(refusal('stale-sequence-number'))
  await expect(tasks.checkUpdate(1, id, 0, change)).rejects.toEqual(refusal('not-found'))
  expect(woken).toEqual([id])
})

test('a task is found by its application alone, also after its end', async () => {
  const { tasks } = await setUp()
  const id = await tasks.start(testSpec(), 'request')
  await tasks.stop(APP, id, 'request')
  expect(await tasks.find(APP, id)).toEqual((await tasks.list())[0])
  await expect(tasks.find(1, id)).rejects.toEqual(refusal('not-found'))
  await expect(tasks.find(APP, 'other')).rejects.toEqual(refusal('not-found'))
})
