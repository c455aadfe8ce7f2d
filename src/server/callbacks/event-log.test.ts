import { afterEach, expect, test, vi } from 'vitest'
import { testSpec } from '../../../test/support/test-spec.ts'
import { createLogger } from '../../log.ts'
import { openStore, type Store } from '../../store/store.ts'
import { EventLog } from './event-log.ts'

const open: Store[] = []
afterEach(async () => {
  for (const store of open.splice(0)) await store.close()
})

async function setUp({ hasAddress = true } = {}) {
  const store = await openStore(':memory:', () => 1000)
  open.push(store)
  const written = vi.fn()
  const log = new EventLog({
    store,
    findCallback: async () => (hasAddress ? { url: 'https://receiver.example/', key: null } : null),
    now: () => 1000,
    written,
    log: createLogger('test', 'silent'),
  })
  const record = (n: number): void =>
    log.record({ group: 4, type: 401, info: { n } }, { appId: 1, family: 'relay', subject: 'a', taskId: 'task-1' })
  return { store, written, log, record }
}

test('writes events in their order and tells that they are there', async () => {
  const { store, written, log, record } = await setUp()
  for (let n = 0; n < 20; n++) record(n)
  await log.settled()
  const events = await store.callbacks.list({}, 100)
  expect(events.map(({ info }) => (JSON.parse(info) as { n: number }).n).toReversed()).toEqual([...Array(20).keys()])
  expect(events[0]).toMatchObject({ appId: 1, family: 'relay', group: 4, type: 401, taskId: 'task-1', state: 'pending', createdAt: 1000 })
  expect(written).toHaveBeenCalled()
})

test('events that nobody wants are not logged, but what was told of pushes is kept', async () => {
  const { store, written, log, record } = await setUp({ hasAddress: false })
  await store.workers.present('w', 10)
  await store.tasks.add({ id: 'task-1', spec: testSpec(), cost: 1 }, 10, 1000)
  record(1)
  log.keepStatuses('task-1', 'old')
  log.keepStatuses('task-1', 'new')
  await log.settled()
  expect(await store.callbacks.list({}, 100)).toEqual([])
  expect(written).not.toHaveBeenCalled()
  expect(await store.relayStatuses.find('task-1')).toBe('new')
})

test('a write that fails costs its events only', async () => {
  const { store, log, record } = await setUp()
  vi.spyOn(store.callbacks, 'add').mockRejectedValueOnce(new Error('disk full'))
  record(1)
  await log.settled()
  record(2)
  await log.settled()
  expect((await store.callbacks.list({}, 100)).map(({ info }) => info)).toEqual(['{"n":2}'])
})

test('of too many that wait, the newest are dropped', async () => {
  const { store, log, record } = await setUp()
  for (let n = 0; n < 10_050; n++) record(n)
  await log.settled()
  // The first is being written while the others wait.
  expect(await store.callbacks.list({}, 20_000)).toHaveLength(10_001)
})
