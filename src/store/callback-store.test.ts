import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { testSpec } from '../../test/support/test-spec.ts'
import { createCallbackEventIds } from './callback-event-id.ts'
import type { NewCallbackEvent } from './callback-event.ts'
import { openStore, type Store } from './store.ts'

const open: Store[] = []
afterEach(async () => {
  for (const store of open.splice(0)) await store.close()
})

async function setUp(): Promise<Store> {
  const store = await openStore(':memory:', () => 1000)
  open.push(store)
  return store
}

const event = (over: Partial<NewCallbackEvent> = {}): NewCallbackEvent => ({
  appId: 1,
  family: 'relay',
  group: 4,
  type: 401,
  subject: 'a',
  taskId: 'task-1',
  info: '{"n":1}',
  ...over,
})
const lane = { appId: 1, family: 'relay' } as const
const infos = (events: readonly { info: string }[]): string[] => events.map(({ info }) => info)

test('ids sort in the order of their making, even when the clock stands still or goes back', () => {
  const next = createCallbackEventIds(() => '00000000')
  const ids = [5, 5, 5, 3, 7, 1_700_000_000_000].map(next)
  expect(ids.toSorted()).toEqual(ids)
  expect(new Set(ids).size).toBe(ids.length)
})

test('of each subject the first is taken; a taken one is not taken again before its time', async () => {
  const { callbacks } = await setUp()
  await callbacks.add([event({ info: '1' }), event({ info: '2' }), event({ subject: 'b', info: '3' })], 1000)
  expect(infos(await callbacks.claim(lane, [], 9, 1000, 1500))).toEqual(['1', '3'])
  expect(infos(await callbacks.claim(lane, ['a', 'b'], 9, 1000, 1500))).toEqual([])
  // Whoever tries an event says that its subject is busy; without that the next one would go.
  expect(infos(await callbacks.claim(lane, [], 9, 1000, 1500))).toEqual(['2'])
  const again = await callbacks.claim(lane, [], 9, 1500, 2000)
  expect(again.map(({ info, tries }) => [info, tries])).toEqual([
    ['1', 2],
    ['3', 2],
  ])
})

test('fresh events go before repeated ones, and no more are taken than asked for', async () => {
  const { callbacks } = await setUp()
  await callbacks.add([event({ subject: 'old', info: 'old' })], 1000)
  const [old] = await callbacks.claim(lane, [], 1, 1000, 1500)
  await callbacks.failed(old?.id ?? '', 'It answered 500.', 1000, 1000)
  await callbacks.add([event({ subject: 'new', info: 'new' })], 1000)
  expect(infos(await callbacks.claim(lane, [], 1, 1000, 1500))).toEqual(['new'])
  expect(infos(await callbacks.claim(lane, [], 1, 1000, 1500))).toEqual(['old'])
})

test('lanes are applications and families with something due', async () => {
  const { callbacks } = await setUp()
  await callbacks.add([event(), event({ appId: 2 }), event({ family: 'rooms' })], 1000)
  expect(await callbacks.dueLanes(999)).toEqual([])
  expect(await callbacks.dueLanes(1000)).toHaveLength(3)
  await callbacks.claim(lane, [], 9, 1000, 1500)
  expect(await callbacks.dueLanes(1000)).toEqual(expect.not.arrayContaining([lane]))
})

test('what became of an event stays until it is forgotten; a settled one stays settled', async () => {
  const { callbacks } = await setUp()
  await callbacks.add([event({ info: '1' }), event({ info: '2', subject: 'b' })], 1000)
  const [one, other] = await callbacks.claim(lane, [], 9, 1000, 1500)
  expect(await callbacks.pending()).toBe(2)
  await callbacks.delivered(one?.id ?? '', 1100)
  expect(await callbacks.pending()).toBe(1)
  await callbacks.failed(one?.id ?? '', 'too late', 1200, 1100)
  await callbacks.failed(one?.id ?? '', 'too late', null, 1200)
  await callbacks.failed(other?.id ?? '', 'It answered 500.', null, 1100)
  expect(await callbacks.list({}, 10)).toMatchObject([
    { info: '2', state: 'given-up', lastError: 'It answered 500.', dueAt: null, settledAt: 1100 },
    { info: '1', state: 'delivered', lastError: null, dueAt: null, settledAt: 1100, tries: 1 },
  ])
  expect(await callbacks.dueLanes(Number.MAX_SAFE_INTEGER)).toEqual([])
  await callbacks.forget(1000)
  expect(await callbacks.list({}, 10)).toHaveLength(2)
  await callbacks.forget(1001)
  expect(await callbacks.list({}, 10)).toEqual([])
})

test('lists by every filter, newest first, and replays what the filter finds', async () => {
  const { callbacks } = await setUp()
  await callbacks.add([event({ info: '1' })], 1000)
  await callbacks.add([event({ info: '2', taskId: 'task-2' })], 2000)
  await callbacks.add([event({ info: '3', appId: 2, family: 'rooms', taskId: null })], 3000)
  const all = await callbacks.list({}, 10)
  expect(infos(all)).toEqual(['3', '2', '1'])
  expect(infos(await callbacks.list({}, 1))).toEqual(['3'])
  expect(infos(await callbacks.list({ taskId: 'task-2' }, 10))).toEqual(['2'])
  expect(infos(await callbacks.list({ since: 2000 }, 10))).toEqual(['3', '2'])
  expect(infos(await callbacks.list({ appId: 2 }, 10))).toEqual(['3'])
  const first = all[2]?.id ?? ''
  expect(infos(await callbacks.list({ eventId: first }, 10))).toEqual(['1'])
  await callbacks.claim(lane, [], 9, 1000, 1500)
  await callbacks.delivered(first, 1100)
  expect(infos(await callbacks.list({ state: 'delivered' }, 10))).toEqual(['1'])

  expect(await callbacks.replay({ taskId: 'task-1' }, 5000)).toBe(1)
  expect(await callbacks.list({ eventId: first }, 1)).toMatchObject([
    { state: 'pending', tries: 0, dueAt: 5000, retryFrom: 5000, createdAt: 1000, settledAt: null },
  ])
  expect(await callbacks.replay({ taskId: 'none' }, 5000)).toBe(0)
})

test('statuses of a task are kept until nothing is left to tell, and found when the task ended untold', async () => {
  const store = await setUp()
  await store.workers.present('w', 10)
  await store.tasks.add({ id: 'task-1', spec: testSpec(), cost: 1 }, 10, 1000)
  const statuses = store.relayStatuses
  expect(await statuses.find('task-1')).toBeNull()
  await statuses.save('task-1', 'one')
  await statuses.save('task-1', 'two')
  expect(await statuses.find('task-1')).toBe('two')
  expect(await statuses.untold(9999)).toEqual([])
  await store.tasks.stop('task-1', 2000)
  await store.tasks.enforceDeadlines(2000)
  expect(await statuses.untold(2000)).toEqual([])
  expect((await statuses.untold(2001)).map(({ id }) => id)).toEqual(['task-1'])
  await statuses.save('task-1', null)
  expect(await statuses.untold(2001)).toEqual([])
})

test('push addresses stand nowhere in the database files', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-callbacks-'))
  const store = await openStore(join(folder, 'test.sqlite'))
  try {
    await store.workers.present('w', 10)
    await store.tasks.add({ id: 'task-1', spec: testSpec(), cost: 1 }, 10, 1000)
    await store.callbacks.add([event({ info: '{"Url":"rtmp://host/live/SECRET-KEY"}' })], 1000)
    await store.relayStatuses.save('task-1', 'rtmp://host/live/SECRET-KEY')
    const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1'))
    expect(texts.some((text) => text.includes('callback_events'))).toBe(true)
    expect(texts.filter((text) => text.includes('SECRET-KEY'))).toEqual([])
  } finally {
    await store.close()
    rmSync(folder, { recursive: true })
  }
})
