import { afterEach, expect, test, vi } from 'vitest'
import { ManualTimers } from '../../../test/support/manual-timers.ts'
import { createLogger } from '../../log.ts'
import type { Callback } from '../../store/application-store.ts'
import type { NewCallbackEvent } from '../../store/callback-event.ts'
import { openStore } from '../../store/store.ts'
import { callbackSign } from '../../trtc/callbacks/sign.ts'
import { Deliverer, type DelivererOptions } from './deliverer.ts'

type Request = Parameters<DelivererOptions['post']>[0]

const cleanUps: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp()
})

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

async function setUp({ retryForMs = 0 } = {}) {
  const timers = new ManualTimers()
  const startedAt = timers.now()
  const store = await openStore(':memory:', timers.now)
  cleanUps.push(() => store.close())
  const receiver: Callback = { url: 'https://receiver.example/path', key: 'KEY' }
  const addresses = new Map<number, Callback | null>([
    [1, receiver],
    [2, { url: 'https://other.example/', key: null }],
  ])
  const requests: (Request & { readonly atSec: number })[] = []
  const habits = { answer: (_request: Request): string | null | Promise<string | null> => null }
  const newDeliverer = (): Deliverer => {
    const deliverer = new Deliverer({
      store: store.callbacks,
      findCallback: async (appId) => addresses.get(appId) ?? null,
      post: async (request) => {
        requests.push({ ...request, atSec: (timers.now() - startedAt) / 1000 })
        return habits.answer(request)
      },
      retryForMs,
      timers,
      log: createLogger('test', 'silent'),
    })
    cleanUps.push(() => end(deliverer))
    deliverer.start()
    return deliverer
  }
  /** Ends one, time included. */
  const end = async (deliverer: Deliverer): Promise<void> => {
    const closed = deliverer.close()
    await settle()
    timers.advance(1000)
    await closed
  }
  const deliverer = newDeliverer()
  const add = async (...events: NewCallbackEvent[]): Promise<void> => {
    await store.callbacks.add(events, timers.now())
    deliverer.wake()
    await settle()
  }
  const pass = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second++) {
      timers.advance(1000)
      await settle()
    }
  }
  const states = async () => (await store.callbacks.list({}, 1000)).map(({ state }) => state).toReversed()
  return { timers, store, deliverer, newDeliverer, end, requests, habits, addresses, add, pass, states }
}

/** Lets everything run that waits for nothing but other code. */
async function settle(): Promise<void> {
  for (let round = 0; round < 20; round++) await new Promise(setImmediate)
}

test('a new event goes out at once, signed over exactly its bytes', async () => {
  const { add, requests, timers, store } = await setUp()
  await add(event())
  expect(requests).toHaveLength(1)
  const body = `{"EventGroupId":4,"EventType":401,"CallbackTs":${timers.now()},"EventInfo":{"n":1}}`
  expect(requests[0]).toMatchObject({
    url: 'https://receiver.example/path',
    body,
    headers: { 'Content-Type': 'application/json', SdkAppId: '1', Sign: callbackSign('KEY', body) },
  })
  expect(await store.callbacks.list({}, 9)).toMatchObject([{ state: 'delivered', tries: 1, lastError: null }])
})

test('without a key there is no Sign', async () => {
  const { add, requests } = await setUp()
  await add(event({ appId: 2 }))
  expect(requests[0]?.headers).toEqual({ 'Content-Type': 'application/json', SdkAppId: '2' })
})

test("an event that fails is tried by the vendor's rule with fresh instants, then given up with its last error", async () => {
  const { add, pass, habits, requests, store } = await setUp()
  habits.answer = () => 'It answered 500.'
  await add(event())
  await pass(120)
  expect(requests.map(({ atSec }) => atSec)).toEqual([0, 0, 10, 20, 30, 40, 50, 60])
  const sentAt = requests.map(({ body }) => (JSON.parse(body) as { CallbackTs: number }).CallbackTs)
  expect(sentAt.map((at) => (at - (sentAt[0] ?? 0)) / 1000)).toEqual([0, 0, 10, 20, 30, 40, 50, 60])
  expect(await store.callbacks.list({}, 9)).toMatchObject([{ state: 'given-up', tries: 8, lastError: 'It answered 500.' }])
})

test('a receiver that comes back after an hour still gets its events', async () => {
  const { add, pass, habits, requests, states } = await setUp({ retryForMs: 24 * 3600 * 1000 })
  habits.answer = () => 'It answered 503.'
  await add(event())
  await pass(3600)
  expect(await states()).toEqual(['pending'])
  habits.answer = () => null
  await pass(3600)
  expect(await states()).toEqual(['delivered'])
  expect(requests.length).toBeLessThan(20)
})

test('events of one subject go one after another, others beside them', async () => {
  const { add, requests, habits } = await setUp()
  const first = Promise.withResolvers<null>()
  habits.answer = ({ body }) => (body.includes('"first"') ? first.promise : null)
  await add(event({ info: '"first"' }), event({ info: '"second"' }), event({ subject: 'b', info: '"beside"' }))
  const sent = (): string[] => requests.map(({ body }) => /"EventInfo":"(.*)"/.exec(body)?.[1] ?? '')
  expect(sent()).toEqual(['first', 'beside'])
  first.resolve(null)
  await settle()
  expect(sent()).toEqual(['first', 'beside', 'second'])
})

test('a receiver that stalls holds a bounded number of tries, and delays no other application or family', async () => {
  const { add, requests, habits } = await setUp()
  const stalled = Promise.withResolvers<string>()
  habits.answer = ({ url }) => (url.includes('receiver') ? stalled.promise : null)
  const of = (appId: number, over: Partial<NewCallbackEvent> = {}): NewCallbackEvent[] =>
    Array.from({ length: 50 }, (_, index) => event({ appId, subject: String(index), ...over }))
  await add(...of(1), ...of(2))
  const counts = (): number[] => ['receiver', 'other'].map((name) => requests.filter(({ url }) => url.includes(name)).length)
  expect(counts()).toEqual([8, 50])
  await add(...of(1, { family: 'rooms' }))
  expect(counts()).toEqual([16, 50])
  stalled.resolve('It did not answer within 5 s.')
})

test('without an address an event is given up at once', async () => {
  const { add, addresses, requests, store } = await setUp()
  addresses.delete(1)
  await add(event())
  expect(requests).toEqual([])
  expect(await store.callbacks.list({}, 9)).toMatchObject([{ state: 'given-up', lastError: 'The application has no callback address.' }])
})

test('a try that the end of a server breaks off is made again by the next one', async () => {
  const { add, deliverer, newDeliverer, end, habits, store, states } = await setUp()
  const broken = 'The server ended during the try.'
  habits.answer = ({ signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve(broken)))
  await add(event())
  await end(deliverer)
  expect(await store.callbacks.list({}, 9)).toMatchObject([{ state: 'pending', lastError: broken }])
  habits.answer = () => null
  newDeliverer()
  await settle()
  expect(await states()).toEqual(['delivered'])
})

test('what is told of the end of a server is still sent', async () => {
  const { store, timers, deliverer, requests, states } = await setUp()
  await store.callbacks.add([event(), event(), event()], timers.now())
  deliverer.wake()
  await deliverer.close()
  expect(await states()).toEqual(['delivered', 'delivered', 'delivered'])
  await store.callbacks.add([event()], timers.now())
  deliverer.wake()
  timers.advance(60_000)
  await settle()
  expect(requests).toHaveLength(3)
})

test('a try that was lost in a crash is made again when its time is over', async () => {
  const { timers, store, deliverer, newDeliverer, pass, states } = await setUp()
  await deliverer.close()
  await store.callbacks.add([event()], timers.now())
  await store.callbacks.claim({ appId: 1, family: 'relay' }, [], 1, timers.now(), timers.now() + 15_000)
  newDeliverer()
  await pass(14)
  expect(await states()).toEqual(['pending'])
  await pass(1)
  expect(await states()).toEqual(['delivered'])
})

test('events are forgotten after seven days', async () => {
  const { add, timers, store } = await setUp()
  await add(event())
  timers.advance(6.9 * 24 * 3600 * 1000)
  await settle()
  expect(await store.callbacks.list({}, 9)).toHaveLength(1)
  timers.advance(3 * 3600 * 1000)
  await settle()
  expect(await store.callbacks.list({}, 9)).toHaveLength(0)
})

test('a database that fails for a moment costs time, not events', async () => {
  const { add, pass, store, states } = await setUp()
  const dueLanes = vi.spyOn(store.callbacks, 'dueLanes').mockRejectedValue(new Error('locked'))
  await add(event())
  expect(await states()).toEqual(['pending'])
  dueLanes.mockRestore()
  await pass(1)
  expect(await states()).toEqual(['delivered'])
})
