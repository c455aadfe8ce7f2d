import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, expect, test } from 'vitest'
import { LEASE_MS } from './lease-store.ts'
import { openStore, type Store } from './store.ts'
import { openSqlite } from './sqlite.ts'
import { START_LIMIT_MS, STOP_LIMIT_MS } from './task-states.ts'
import { testSpec } from '../../test/support/test-spec.ts'
import { WORKER_LEASE_MS } from './worker-store.ts'

let clockMs = 1_700_000_000_000
const open: Store[] = []
const folders: string[] = []

async function newStore(path = ':memory:'): Promise<Store> {
  const store = await openStore(path, () => clockMs)
  open.push(store)
  return store
}

/** A store with a worker of capacity 4 and one task of cost 1. */
async function storeWithTask(id = 'task-1'): Promise<Store> {
  const store = await newStore()
  await store.workers.present('w1', 4)
  expect(await store.tasks.add({ id, spec: testSpec(), cost: 1 }, 10, clockMs)).toBe('added')
  return store
}

const stateOf = async (store: Store, id = 'task-1') => (await store.tasks.find(id))?.state

afterEach(async () => {
  for (const store of open.splice(0)) await store.close()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

test('a stored task reads as it was given', async () => {
  const store = await storeWithTask()
  expect(await store.tasks.find('task-1')).toMatchObject({
    state: 'starting',
    spec: testSpec(),
    revision: 1,
    sequenceNumber: -1,
    startedAt: null,
  })
  expect(await store.tasks.find('task-2')).toBeNull()
})

test('the database file is durable, for its owner only, and opens again with its tasks', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-store-'))
  folders.push(folder)
  const path = join(folder, 'tributary.sqlite')
  const first = await openStore(path, () => clockMs)
  await first.workers.present('w1', 4)
  await first.tasks.add({ id: 'task-1', spec: testSpec(), cost: 1 }, 10, clockMs)
  expect((statSync(path).mode & 0o777).toString(8)).toBe('600')
  expect((statSync(`${path}-wal`).mode & 0o777).toString(8)).toBe('600')
  await first.close()
  const raw = new DatabaseSync(path)
  expect(raw.prepare('pragma journal_mode').get()).toMatchObject({ journal_mode: 'wal' })
  raw.close()
  expect(await stateOf(await newStore(path))).toBe('starting')
})

test('a file that another server uses is refused, until that server is gone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-store-'))
  folders.push(folder)
  const path = join(folder, 'tributary.sqlite')
  const first = await openStore(path)
  const refusal = (reason: string) => `The database ${path} cannot be used (${reason}). One server at a time may have it.`
  expect(() => openSqlite(path, Date.now, 0)).toThrow(refusal('database is locked'))
  await first.close()
  await openSqlite(path, Date.now, 0).close()
  writeFileSync(path, 'no database, but long enough to be looked at as one, which is more than a hundred bytes. '.repeat(9))
  expect(() => openSqlite(path)).toThrow(refusal('file is not a database'))
})

test('the application limit counts tasks that have not ended', async () => {
  const store = await storeWithTask()
  const add = (id: string, appId: number) =>
    store.tasks.add({ id, spec: testSpec({ room: { appId, kind: 'number', name: '1' } }), cost: 0.1 }, 1, clockMs)
  expect(await add('task-2', 1400188366)).toBe('too-many-tasks')
  expect(await add('task-3', 7)).toBe('added')
  await store.tasks.stop('task-1', clockMs)
  await store.tasks.enforceDeadlines(clockMs)
  expect(await add('task-4', 1400188366)).toBe('added')
})

test('a task is admitted only if one living worker could hold it beside what it holds and what waits', async () => {
  const store = await newStore()
  const add = (id: string, cost: number) => store.tasks.add({ id, spec: testSpec(), cost }, 100, clockMs)
  expect(await add('early', 1)).toBe('no-capacity')
  await store.workers.present('w1', 2)
  expect(await add('too-large', 2.5)).toBe('no-capacity')
  expect(await add('waits', 1)).toBe('added')
  expect(await add('more-than-rest', 1.5)).toBe('no-capacity')
  await store.leases.claim('w1', 2, clockMs)
  expect(await add('still-more-than-rest', 1.5)).toBe('no-capacity')
  clockMs += WORKER_LEASE_MS + 1
  expect(await add('worker-vanished', 0.5)).toBe('no-capacity')
  await store.workers.present('w1', 2)
  expect(await add('fits', 1)).toBe('added')
  await store.workers.gone('w1')
  expect(await add('worker-left', 0)).toBe('no-capacity')
})

test('a change applies to the revision it was made from', async () => {
  const store = await storeWithTask()
  const change = (revision: number, sequenceNumber: number) =>
    store.tasks.change('task-1', revision, { spec: testSpec({ maxIdleSec: 60 + sequenceNumber }), sequenceNumber, cost: 2 })
  expect(await change(1, 5)).toBe(true)
  expect(await change(1, 6)).toBe(false)
  expect(await store.tasks.find('task-1')).toMatchObject({ revision: 2, sequenceNumber: 5, cost: 2, spec: { maxIdleSec: 65 } })
  await store.tasks.stop('task-1', clockMs)
  expect(await change(2, 7)).toBe(false)
})

test('claims go by age and by cost, and nobody claims what another holds', async () => {
  const store = await newStore()
  await store.workers.present('w1', 100)
  for (const [index, cost] of [3, 1, 1].entries())
    await store.tasks.add({ id: `task-${index}`, spec: testSpec(), cost }, 10, clockMs + index)
  expect((await store.leases.claim('w1', 2, clockMs))?.id).toBe('task-1')
  expect((await store.leases.claim('w2', 5, clockMs))?.id).toBe('task-0')
  expect((await store.leases.claim('w2', 5, clockMs))?.id).toBe('task-2')
  expect(await store.leases.claim('w3', 5, clockMs)).toBeNull()
})

test('a lease that was not renewed is claimed by others at once, but not by its holder', async () => {
  const store = await storeWithTask()
  const first = await store.leases.claim('w1', 4, clockMs)
  clockMs += LEASE_MS - 1
  expect(await store.leases.renew('w1')).toEqual([{ id: 'task-1', epoch: first?.epoch, state: 'starting', revision: 1 }])
  clockMs += LEASE_MS
  expect(await store.leases.claim('w2', 4, clockMs)).toBeNull()
  clockMs += 1
  expect(await store.leases.claim('w1', 4, clockMs)).toBeNull()
  const second = await store.leases.claim('w2', 4, clockMs)
  expect(second).toMatchObject({ id: 'task-1', startedAt: first?.startedAt, restarts: 1 })
  expect(await store.leases.renew('w1')).toEqual([])
})

test('a worker that lost a task cannot write to it', async () => {
  const store = await storeWithTask()
  const old = await store.leases.claim('w1', 4, clockMs)
  clockMs += LEASE_MS + 1
  const present = await store.leases.claim('w2', 4, clockMs)
  if (old === null || present === null) throw new Error('Both claims should have found the task.')
  await store.leases.engineStarted(present)
  await store.outputs.record(present, { url: 'rtmp://a', state: 'running', changedAt: 1, error: null })
  const before = await store.tasks.find('task-1')

  await store.leases.everybodyLeft(old, clockMs, 1000)
  await store.leases.robotRemoved(old, 'robot_removed', 'replaced', clockMs)
  await store.leases.engineLost(old)
  await store.leases.failed(old, 'broken', clockMs)
  await store.leases.release(old)
  await store.outputs.record(old, { url: 'rtmp://a', state: 'failed', changedAt: 2, error: 'refused' })
  await store.outputs.broken(old, 'gone', clockMs)

  expect(await store.tasks.find('task-1')).toEqual(before)
  expect((await store.outputs.ofTasks(['task-1'])).get('task-1')).toEqual([
    { url: 'rtmp://a', state: 'running', changedAt: 1, error: null },
  ])
})

test('a released task is claimed at once and keeps its start', async () => {
  const store = await storeWithTask()
  const first = await store.leases.claim('w1', 4, clockMs)
  if (first === null) throw new Error('The claim should have found the task.')
  await store.leases.engineStarted(first)
  await store.leases.release(first)
  expect(await stateOf(store)).toBe('running')
  expect(await store.leases.claim('w2', 4, clockMs + 5000)).toMatchObject({ startedAt: clockMs, state: 'running', epoch: first.epoch + 1 })
})

test('a restarted worker adopts its tasks while their leases live, and looks anew who is there', async () => {
  const store = await storeWithTask()
  const lease = await store.leases.claim('w1', 4, clockMs)
  if (lease === null) throw new Error('The claim should have found the task.')
  await store.leases.engineStarted(lease)
  await store.leases.everybodyLeft(lease, clockMs, 30_000)
  expect(await store.leases.adopt('w2', clockMs)).toEqual([])
  expect(await store.leases.adopt('w1', clockMs)).toMatchObject([{ id: 'task-1', epoch: lease.epoch + 1, state: 'running', restarts: 1 }])
  clockMs += 40_000
  await store.tasks.enforceDeadlines(clockMs)
  expect(await stateOf(store)).toBe('running')
})

test('starting ends after 30 s without an engine', async () => {
  const store = await storeWithTask()
  await store.tasks.enforceDeadlines(clockMs + START_LIMIT_MS - 1)
  expect(await stateOf(store)).toBe('starting')
  await store.tasks.enforceDeadlines(clockMs + START_LIMIT_MS)
  expect(await store.tasks.find('task-1')).toMatchObject({
    state: 'ended',
    endReason: 'internal_error',
    endDetail: 'No engine ran within 30 s.',
    endedAt: clockMs + START_LIMIT_MS,
  })
})

test('stopping ends with its worker, or after 10 s, or at once when nobody holds the task', async () => {
  const store = await storeWithTask()
  await store.tasks.add({ id: 'task-2', spec: testSpec(), cost: 1 }, 10, clockMs + 1)
  const [first, second] = [await store.leases.claim('w1', 4, clockMs), await store.leases.claim('w1', 4, clockMs)]
  if (first === null || second === null) throw new Error('Both claims should have found a task.')
  await store.tasks.add({ id: 'task-3', spec: testSpec(), cost: 1 }, 10, clockMs)
  for (const id of ['task-1', 'task-2', 'task-3']) expect(await store.tasks.stop(id, clockMs)).toBe(true)
  expect(await store.tasks.stop('task-1', clockMs)).toBe(false)

  await store.leases.engineGone(first, clockMs + 20)
  await store.tasks.enforceDeadlines(clockMs + 30)
  expect(await store.tasks.find('task-1')).toMatchObject({ state: 'ended', endReason: 'stopped', endedAt: clockMs + 20 })
  expect(await stateOf(store, 'task-2')).toBe('stopping')
  expect(await stateOf(store, 'task-3')).toBe('ended')
  await store.tasks.enforceDeadlines(clockMs + STOP_LIMIT_MS)
  expect(await store.tasks.find('task-2')).toMatchObject({ state: 'ended', endReason: 'stopped' })
})

test('the idle time runs from the first word of it, survives the engine, and waits for the successor to confirm', async () => {
  const store = await storeWithTask()
  const lease = await store.leases.claim('w1', 4, clockMs)
  if (lease === null) throw new Error('The claim should have found the task.')
  const t = clockMs
  await store.leases.engineStarted(lease)
  await store.leases.everybodyLeft(lease, t, 30_000)
  await store.leases.engineLost(lease)
  clockMs = t + 31_000
  await store.leases.renew('w1')
  await store.tasks.enforceDeadlines(clockMs)
  expect(await stateOf(store)).toBe('idle')
  await store.leases.everybodyLeft(lease, t + 20_000, 30_000)
  await store.tasks.enforceDeadlines(t + 29_999)
  expect(await stateOf(store)).toBe('idle')
  await store.tasks.enforceDeadlines(t + 30_000)
  expect(await store.tasks.find('task-1')).toMatchObject({ state: 'stopping', endReason: 'idle_timeout' })
  await store.leases.engineGone(lease, clockMs)
  expect(await store.tasks.find('task-1')).toMatchObject({ state: 'ended', endReason: 'idle_timeout', restarts: 1 })
})

test('somebody back ends idleness', async () => {
  const store = await storeWithTask()
  const lease = await store.leases.claim('w1', 4, clockMs)
  if (lease === null) throw new Error('The claim should have found the task.')
  await store.leases.engineStarted(lease)
  await store.leases.everybodyLeft(lease, clockMs, 1000)
  await store.leases.somebodyBack(lease)
  await store.tasks.enforceDeadlines(clockMs + 2000)
  expect(await stateOf(store)).toBe('running')
})

test('outputs keep their newest state; a lost engine breaks those that pushed', async () => {
  const store = await storeWithTask()
  const lease = await store.leases.claim('w1', 4, clockMs)
  if (lease === null) throw new Error('The claim should have found the task.')
  await store.outputs.record(lease, { url: 'rtmp://a', state: 'connecting', changedAt: 1, error: null })
  await store.outputs.record(lease, { url: 'rtmp://a', state: 'running', changedAt: 2, error: null })
  await store.outputs.record(lease, { url: 'rtmp://b', state: 'failed', changedAt: 3, error: 'refused' })
  await store.outputs.broken(lease, 'The engine ended.', 4)
  expect((await store.outputs.ofTasks(['task-1', 'none'])).get('task-1')).toEqual([
    { url: 'rtmp://a', state: 'recovering', changedAt: 4, error: 'The engine ended.' },
    { url: 'rtmp://b', state: 'failed', changedAt: 3, error: 'refused' },
  ])
  expect(await store.outputs.ofTasks([])).toEqual(new Map())
})

test('the list is newest first and holds few ended tasks; old ones are forgotten with their outputs', async () => {
  const store = await storeWithTask()
  for (const [id, at] of [
    ['task-2', 10],
    ['task-3', 20],
    ['task-4', 30],
  ] as const) {
    await store.tasks.add({ id, spec: testSpec(), cost: 0.5 }, 10, clockMs + at)
    if (id === 'task-4') continue
    await store.tasks.stop(id, clockMs + at)
    await store.tasks.enforceDeadlines(clockMs + at)
  }
  expect((await store.tasks.list(1)).map(({ id }) => id)).toEqual(['task-4', 'task-3', 'task-1'])
  await store.tasks.forget(clockMs + 15)
  expect((await store.tasks.list(9)).map(({ id }) => id)).toEqual(['task-4', 'task-3', 'task-1'])
})
