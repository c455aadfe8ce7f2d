import { afterEach, expect, test, vi } from 'vitest'
import { fakeEngines } from '../../test/support/fake-engine.ts'
import { ManualTimers } from '../../test/support/manual-timers.ts'
import { testSpec } from '../../test/support/test-spec.ts'
import { createLogger } from '../log.ts'
import { LEASE_MS } from '../store/lease-store.ts'
import { openStore } from '../store/store.ts'
import { WakeBus } from './wake-bus.ts'
import { createWorker } from './worker.ts'

const cleanUps: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp()
})

/** A worker and all that it says of outputs. */
async function setUp() {
  const timers = new ManualTimers()
  const store = await openStore(':memory:', timers.now)
  cleanUps.push(() => store.close())
  const bus = new WakeBus()
  const fakes = fakeEngines()
  const said: string[] = []
  const worker = createWorker({
    store,
    workerId: 'w1',
    capacity: 4,
    feedAddress: () => '/run/feed.sock',
    engineSettings: { encoderThreads: 1 },
    fetchPicture: async () => ({ widthPx: 1, heightPx: 1, rgba: new Uint8Array(4) }),
    bus,
    outputs: {
      claimed: ({ id }) => void said.push(`${id} claimed`),
      output: (id, { state }) => void said.push(`${id} ${state}`),
      engineLost: (id, reason) => void said.push(`${id} lost: ${reason}`),
      left: (id, to) => void said.push(`${id} left to ${to}`),
      ended: (id) => void said.push(`${id} ended`),
    },
    log: createLogger('test', 'silent'),
    timers,
    spawnEngine: fakes.spawn,
  })
  cleanUps.push(() => worker.close())
  await worker.start()
  const untilState = (id: string, state: string) =>
    vi.waitFor(async () => expect((await store.tasks.find(id))?.state).toBe(state), { interval: 1 })
  const add = async (id: string, state: string): Promise<void> => {
    await store.tasks.add({ id, spec: testSpec(), cost: 1 }, 100, timers.now())
    bus.wake(id)
    await untilState(id, state)
  }
  return { timers, store, bus, fakes, said, worker, add, untilState }
}

/** Lets everything run that waits for nothing but other code. */
async function settle(): Promise<void> {
  for (let round = 0; round < 20; round++) await new Promise(setImmediate)
}

test('hears of outputs, of engines that are lost, and of the end after the goodbye', async () => {
  const { fakes, said, store, bus, timers, add, untilState } = await setUp()
  const output = { url: 'rtmp://a/b/c', changedAt: timers.now(), error: null }
  await add('task-1', 'running')
  const first = fakes.running('task-1')
  first?.events.output({ ...output, state: 'running' })
  first?.die(1)
  await vi.waitFor(() => expect(fakes.running('task-1')).toBeDefined(), { interval: 1 })
  fakes.running('task-1')?.events.output({ ...output, state: 'connecting' })
  await store.tasks.stop('task-1', timers.now())
  bus.wake('task-1')
  await untilState('task-1', 'ended')
  await settle()
  const lost = 'task-1 lost: The engine ended (code 1, signal null).'
  expect(said).toEqual(['task-1 claimed', 'task-1 running', lost, 'task-1 connecting', 'task-1 ended'])
})

test('a task that another worker has is left to it', async () => {
  const { said, store, timers, add } = await setUp()
  await add('task-1', 'running')
  await store.leases.release({ id: 'task-1', epoch: (await store.tasks.find('task-1'))?.epoch ?? 0 })
  expect(await store.leases.claim('w2', 4, timers.now())).not.toBeNull()
  timers.advance(LEASE_MS / 2)
  await settle()
  expect(said).toEqual(['task-1 claimed', 'task-1 left to another'])
})

test('a task whose server ends is left to nobody', async () => {
  const { said, worker, add } = await setUp()
  await add('task-1', 'running')
  await worker.close()
  expect(said).toEqual(['task-1 claimed', 'task-1 left to nobody'])
})

test('a task that engines cannot run is ended', async () => {
  const { fakes, said, store, bus, timers, untilState } = await setUp()
  fakes.habits.start = 'rejects'
  await store.tasks.add({ id: 'task-1', spec: testSpec(), cost: 1 }, 100, timers.now())
  bus.wake('task-1')
  for (let beat = 0; beat < 10; beat++) {
    timers.advance(1000)
    await settle()
  }
  await untilState('task-1', 'ended')
  await settle()
  expect(said.filter((text) => text.includes(' lost: '))).toHaveLength(5)
  expect(said.at(-1)).toBe('task-1 ended')
})
