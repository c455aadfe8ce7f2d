import { afterEach, expect, test } from 'vitest'
import { testSpec } from '../../test/support/test-spec.ts'
import type { UsageTier } from '../mix/usage-tier.ts'
import type { Lease } from './lease-store.ts'
import { openStore, type Store } from './store.ts'
import type { MinuteUse } from './usage-store.ts'

const APP = testSpec().room.appId
const MINUTE_MS = 60_000
const begin = 1_700_000_100_000
const everything = { from: 0, until: Number.MAX_SAFE_INTEGER }
let clockMs = begin

const open: Store[] = []
afterEach(async () => {
  for (const store of open.splice(0)) await store.close()
  clockMs = begin
})

async function newStore(): Promise<Store> {
  const store = await openStore(':memory:', () => clockMs)
  open.push(store)
  await store.workers.present('w1', 100)
  return store
}

async function claimed(store: Store, id = 'task-1', appId = APP): Promise<Lease> {
  const spec = testSpec({ room: { ...testSpec().room, appId } })
  expect(await store.tasks.add({ id, spec, cost: 1 }, 10, clockMs)).toBe('added')
  const task = await store.leases.claim('w1', 100, clockMs)
  if (task === null) throw new Error('The claim should have found the task.')
  return { id: task.id, epoch: task.epoch }
}

const minute = (lease: Lease, index: number, ms: Partial<Record<UsageTier, number>>, bytes: Record<string, number> = {}): MinuteUse => ({
  lease,
  minuteAt: begin + index * MINUTE_MS,
  ms: new Map(Object.entries(ms) as [UsageTier, number][]),
  bytes: new Map(Object.entries(bytes)) as MinuteUse['bytes'],
})

test('a minute written again replaces what it wrote', async () => {
  const store = await newStore()
  const lease = await claimed(store)
  await store.usage.record([minute(lease, 0, { audio: 10_000 }, { 'third-party-cdn': 100 })])
  const again = [minute(lease, 0, { audio: 30_000, 'hd-h264': 5000 }, { 'third-party-cdn': 300, 'vendor-cdn': 7 })]
  await store.usage.record(again)
  await store.usage.record(again)
  expect(await store.usage.mixed('all', everything)).toEqual([
    { appId: APP, stepAt: begin, tier: 'audio', ms: 30_000 },
    { appId: APP, stepAt: begin, tier: 'hd-h264', ms: 5000 },
  ])
  expect(await store.usage.sent('all', everything)).toEqual([
    { appId: APP, stepAt: begin, billing: 'third-party-cdn', peakMinuteBytes: 300 },
    { appId: APP, stepAt: begin, billing: 'vendor-cdn', peakMinuteBytes: 7 },
  ])
})

test('a claim that was followed by another writes nothing more; what it wrote stays, and the next adds to it', async () => {
  const store = await newStore()
  const first = await claimed(store)
  await store.usage.record([minute(first, 0, { audio: 20_000 })])
  const [second] = await store.leases.adopt('w1', clockMs)
  await store.usage.record([minute(first, 0, { audio: 55_000 }), minute(first, 1, { audio: 60_000 })])
  await store.usage.record([minute(second!, 0, { audio: 30_000 })])
  expect(await store.usage.mixed('all', everything)).toEqual([{ appId: APP, stepAt: begin, tier: 'audio', ms: 50_000 }])
})

test('the last minute of a task that has ended, or was let go, is still written', async () => {
  const store = await newStore()
  const ended = await claimed(store)
  await store.tasks.stop(ended.id, clockMs)
  await store.leases.engineGone(ended, clockMs)
  const released = await claimed(store, 'task-2')
  await store.leases.release(released)
  await store.usage.record([minute(ended, 0, { audio: 1000 }), minute(released, 0, { audio: 500 })])
  expect(await store.usage.mixed('all', everything)).toMatchObject([{ ms: 1500 }])
})

test('applications and spans are kept apart, and the end of a span is not in it', async () => {
  const store = await newStore()
  const mine = await claimed(store)
  const other = await claimed(store, 'task-2', 7)
  await store.usage.record([
    minute(mine, 4, { audio: 4 }),
    minute(mine, 5, { audio: 5 }),
    minute(other, 5, { audio: 70 }, { 'vendor-cdn': 1 }),
  ])
  const from = (index: number) => ({ from: begin + index * MINUTE_MS, until: begin + (index + 5) * MINUTE_MS })
  const ms = async (...question: Parameters<typeof store.usage.mixed>) =>
    (await store.usage.mixed(...question)).map((use) => [use.appId, use.stepAt, use.ms])
  expect(await ms([APP], everything)).toEqual([
    [APP, begin, 4],
    [APP, begin + 5 * MINUTE_MS, 5],
  ])
  expect(await ms([APP], from(0))).toEqual([[APP, begin, 4]])
  expect(await ms([7, 8], from(5))).toEqual([[7, begin + 5 * MINUTE_MS, 70]])
  expect(await ms([], everything)).toEqual([])
  expect(await store.usage.sent([], everything)).toEqual([])
  expect(await store.usage.sent([APP], everything)).toEqual([])
  expect((await ms('all', from(5))).reduce((sum, [, , value]) => sum + value!, 0)).toBe(75)
})

test('bytes of tasks add up within a minute, and the minute that sent most counts', async () => {
  const store = await newStore()
  const [one, other] = [await claimed(store), await claimed(store, 'task-2')]
  const sent = (lease: Lease, index: number, bytes: number) => minute(lease, index, {}, { 'third-party-cdn': bytes })
  await store.usage.record([sent(one, 0, 900), sent(one, 1, 500), sent(other, 1, 600), sent(other, 2, 1000)])
  expect(await store.usage.sent('all', everything)).toMatchObject([{ stepAt: begin, peakMinuteBytes: 1100 }])
})

test('folding changes no answer, happens once, and leaves young minutes as they are', async () => {
  const store = await newStore()
  const leases = [await claimed(store), await claimed(store, 'task-2'), await claimed(store, 'task-3', 7)]
  let seed = 3
  const random = (below: number): number => {
    seed = (seed * 48271) % 2147483647
    return seed % below
  }
  const tiers: UsageTier[] = ['audio', 'sd-h264', '4k-h264']
  const minutes = Array.from({ length: 60 }, (_, index) =>
    leases.map((lease) =>
      minute(lease, index, { [tiers[random(3)]!]: random(60_000) }, { 'third-party-cdn': random(1e9), 'vendor-cdn': random(1e6) }),
    ),
  ).flat()
  await store.usage.record(minutes)
  const answers = async () => [
    await store.usage.mixed('all', everything),
    await store.usage.sent('all', everything),
    await store.usage.mixed([7], { from: begin + 10 * MINUTE_MS, until: begin + 50 * MINUTE_MS }),
    await store.usage.sent([APP], { from: begin + 10 * MINUTE_MS, until: begin + 50 * MINUTE_MS }),
  ]
  const before = await answers()
  expect(before[0]!.length).toBeGreaterThan(20)
  for (const until of [23, 23, 40, 200]) {
    await store.usage.fold(begin + until * MINUTE_MS)
    expect(await answers()).toEqual(before)
  }
  await store.usage.forget(begin + 30 * MINUTE_MS)
  expect((await answers())[0]).toEqual(before[0]!.filter(({ stepAt }) => stepAt >= begin + 30 * MINUTE_MS))
})

test('minutes that come after their step was folded still count', async () => {
  const store = await newStore()
  const leases = [await claimed(store), await claimed(store, 'task-2')]
  await store.usage.record(
    leases.flatMap((lease) => [0, 1, 2, 3, 4].map((index) => minute(lease, index, { audio: 60_000 }, { 'vendor-cdn': 9 }))),
  )
  await store.usage.fold(begin + 5 * MINUTE_MS)
  // Late minutes of a step that was folded already add to it; a minute alone is what it was measured against.
  await store.usage.record([minute(leases[0]!, 2, { audio: 1 }, { 'vendor-cdn': 5 })])
  await store.usage.fold(begin + 5 * MINUTE_MS)
  expect(await store.usage.mixed('all', everything)).toMatchObject([{ ms: 600_001 }])
  expect(await store.usage.sent('all', everything)).toMatchObject([{ peakMinuteBytes: 18 }])
})
