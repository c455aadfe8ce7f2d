import { afterEach, expect, test } from 'vitest'
import { engineFigures, inputFigures, outputFigures } from '../../../test/support/engine-figures.ts'
import { ManualTimers } from '../../../test/support/manual-timers.ts'
import { testSpec } from '../../../test/support/test-spec.ts'
import type { EngineStats } from '../../engine/ipc.ts'
import type { MixingTask } from '../../fleet/mixing-task.ts'
import { createLogger } from '../../log.ts'
import type { MixSpec } from '../../mix/mix-spec.ts'
import type { Lease } from '../../store/lease-store.ts'
import { openStore, type Store } from '../../store/store.ts'
import { UsageMeter } from './usage-meter.ts'

const SEC_MS = 1000
const MINUTE_MS = 60 * SEC_MS
const everything = { from: 0, until: Number.MAX_SAFE_INTEGER }
const url = testSpec().outputs[0]?.url ?? ''
const video = testSpec({
  video: {
    encode: { widthPx: 1280, heightPx: 720, fps: 15, bitRateKbps: 1500, gopSec: 2 },
    layout: { kind: 'grid', renderMode: 'crop', holdPureAudio: false },
    background: { color: 0, pictureUrl: null, renderMode: 'crop' },
    watermarks: [],
  },
})

const open: Store[] = []
afterEach(async () => {
  for (const store of open.splice(0)) await store.close()
})

/** A worker's tasks as the meter sees them, on a database and a clock that the test moves. */
async function setUp() {
  // A full minute, so that minutes of the test are minutes of the meter.
  const timers = new ManualTimers(1_700_000_100_000)
  const store = await openStore(':memory:', timers.now)
  open.push(store)
  const tasks = new Map<string, { lease: Lease; spec: MixSpec; enginePid: number; stats: EngineStats | null }>()
  const mixing = (): MixingTask[] => [...tasks.values()].flatMap(({ stats, ...task }) => (stats === null ? [] : [{ ...task, stats }]))
  const failing = { isOn: false }
  const usage = {
    record: (...minutes: Parameters<Store['usage']['record']>) =>
      failing.isOn ? Promise.reject(new Error('disk full')) : store.usage.record(...minutes),
    fold: (before: number) => store.usage.fold(before),
    forget: (before: number) => store.usage.forget(before),
  }
  /** A meter of a process that can crash: from then on it is never called again. */
  const newMeter = () => {
    let isAlive = true
    const after: ManualTimers['after'] = (delayMs, run) => timers.after(delayMs, () => isAlive && run())
    const meter = new UsageMeter({ mixing, store: usage, timers: { now: timers.now, after }, log: createLogger('test', 'silent') })
    return { meter, crash: () => void (isAlive = false) }
  }
  /** A task whose engine has just reported for the first time. */
  const start = async (id: string, spec = testSpec(), stats = engineFigures()) => {
    await store.workers.present('w1', 1000)
    expect(await store.tasks.add({ id, spec, cost: 1 }, 1000, timers.now())).toBe('added')
    const task = await store.leases.claim('w1', 1000, timers.now())
    const held = { lease: { id, epoch: task?.epoch ?? 0 }, spec, enginePid: tasks.size + 1, stats: stats as EngineStats | null }
    tasks.set(id, held)
    return held
  }
  const mixedMs = async () => {
    const sums: Record<string, number> = {}
    for (const { tier, ms } of await store.usage.mixed('all', everything)) sums[tier] = (sums[tier] ?? 0) + ms
    return sums
  }
  return { timers, store, tasks, failing, newMeter, start, mixedMs, ...newMeter() }
}

test('what comes in is metered from one second to the next, and a change counts at once', async () => {
  const { timers, meter, start, mixedMs } = await setUp()
  const task = await start('task-1', video)
  timers.advance(11 * SEC_MS)
  task.stats = engineFigures({ inputs: [inputFigures(), inputFigures({ kind: 'microphone', widthPx: 0, heightPx: 0 })] })
  timers.advance(20 * SEC_MS)
  task.stats = engineFigures({ inputs: [inputFigures(), inputFigures({ kind: 'screen', widthPx: 1920, heightPx: 1080 })] })
  timers.advance(30 * SEC_MS)
  await meter.write()
  // The first second shows only that the task is there.
  expect(await mixedMs()).toEqual({ 'hd-h264': 30 * SEC_MS, '2k-h264': 30 * SEC_MS })
})

test('sound only, with many voices or with nobody, is one stream of sound', async () => {
  const { timers, meter, start, mixedMs } = await setUp()
  const voice = inputFigures({ kind: 'microphone', widthPx: 0, heightPx: 0 })
  const task = await start('task-1', testSpec(), engineFigures({ inputs: [voice, voice, voice] }))
  timers.advance(31 * SEC_MS)
  task.stats = engineFigures()
  timers.advance(30 * SEC_MS)
  await meter.write()
  expect(await mixedMs()).toEqual({ audio: 60 * SEC_MS })
})

test('bytes count in the minute that they were seen in', async () => {
  const { timers, store, meter, start } = await setUp()
  const task = await start('task-1')
  for (let second = 1; second <= 120; second++) {
    timers.advance(SEC_MS)
    task.stats = engineFigures({ outputs: [outputFigures({ url, bytesSent: second * (second < 60 ? 1000 : 1500) })] })
  }
  await meter.write()
  const [step] = await store.usage.sent('all', everything)
  // The first minute saw 58 reports, the second the 60 after them.
  expect(step).toMatchObject({ billing: 'third-party-cdn', peakMinuteBytes: 118 * 1500 - 58 * 1000 })
})

test('time between two engines does not count, nor do two engines count twice', async () => {
  const { timers, meter, start, mixedMs } = await setUp()
  const task = await start('task-1')
  timers.advance(31 * SEC_MS)
  task.stats = null
  timers.advance(10 * SEC_MS)
  task.enginePid = 99
  task.stats = engineFigures()
  timers.advance(21 * SEC_MS)
  await meter.write()
  expect(await mixedMs()).toEqual({ audio: 50 * SEC_MS })
})

test('a crash in the middle of a minute loses half a minute at most and doubles nothing', async () => {
  for (let crashSec = 1; crashSec <= 130; crashSec += 7) {
    const { timers, store, start, newMeter, crash, tasks, mixedMs } = await setUp()
    await start('task-1')
    for (let second = 0; second < crashSec; second++) {
      timers.advance(SEC_MS)
      await settle()
    }
    crash()
    const [task] = await store.leases.adopt('w1', timers.now())
    tasks.set('task-1', { lease: { id: 'task-1', epoch: task?.epoch ?? 0 }, spec: testSpec(), enginePid: 7, stats: engineFigures() })
    const { meter: successor } = newMeter()
    timers.advance(91 * SEC_MS)
    await successor.close()
    const metered = (await mixedMs())['audio'] ?? 0
    const first = (crashSec - 1) * SEC_MS
    expect(metered, `crash after ${crashSec} s`).toBeLessThanOrEqual(first + 90 * SEC_MS)
    expect(metered, `crash after ${crashSec} s`).toBeGreaterThanOrEqual(first + 90 * SEC_MS - 30 * SEC_MS)
  }
})

test('a worker that lost its task writes nothing of it any more, whoever runs it now', async () => {
  const { timers, store, meter, start, mixedMs } = await setUp()
  const task = await start('task-1')
  timers.advance(61 * SEC_MS)
  await meter.write()
  await store.leases.adopt('w1', timers.now())
  timers.advance(60 * SEC_MS)
  await meter.write()
  expect(task.stats).not.toBeNull()
  expect(await mixedMs()).toEqual({ audio: 60 * SEC_MS })
})

test('what a failing database did not take is written later, once', async () => {
  const { timers, failing, meter, start, mixedMs } = await setUp()
  await start('task-1')
  failing.isOn = true
  timers.advance(10 * MINUTE_MS + SEC_MS)
  await meter.write()
  expect(await mixedMs()).toEqual({})
  failing.isOn = false
  await meter.write()
  await meter.write()
  expect(await mixedMs()).toEqual({ audio: 10 * MINUTE_MS })
})

test('a busy process counts what it slept through, up to a minute; a clock that is set back loses a second', async () => {
  const { timers, meter, start, mixedMs } = await setUp()
  await start('task-1')
  timers.advance(SEC_MS)
  timers.jump(20 * SEC_MS)
  await meter.write()
  expect(await mixedMs()).toEqual({ audio: 20 * SEC_MS })
  timers.jump(3600 * SEC_MS)
  await meter.write()
  expect(await mixedMs()).toEqual({ audio: 80 * SEC_MS })
  timers.jump(-3600 * SEC_MS)
  await meter.write()
  timers.jump(10 * SEC_MS)
  await meter.write()
  expect(await mixedMs()).toEqual({ audio: 90 * SEC_MS })
})

test('closing writes the last second, and nothing is metered afterwards', async () => {
  const { timers, meter, start, mixedMs } = await setUp()
  await start('task-1')
  timers.advance(5 * SEC_MS)
  await Promise.all([meter.close(), meter.close()])
  timers.advance(MINUTE_MS)
  await meter.close()
  expect(await mixedMs()).toEqual({ audio: 4 * SEC_MS })
})

test('three days of coming and going, crashes and folding add up', { timeout: 60_000 }, async () => {
  const { timers, store, start, newMeter, tasks, mixedMs, ...first } = await setUp()
  let seed = 5
  const random = (below: number): number => {
    seed = (seed * 48271) % 2147483647
    return seed % below
  }
  let { meter, crash }: Pick<typeof first, 'meter' | 'crash'> = first
  let [expectedMs, crashes, runs] = [0, 0, 0]
  let next = 0
  for (let span = 0; span < 3 * 24 * 4; span++) {
    const what = random(10)
    if (what < 4) {
      await start(`task-${next++}`, random(2) === 0 ? video : testSpec())
      runs++
    } else if (what < 7) {
      const [id] = tasks.keys()
      if (id !== undefined) tasks.delete(id)
    } else if (what === 7) {
      crashes += tasks.size
      runs += tasks.size
      crash()
      for (const task of await store.leases.adopt('w1', timers.now())) {
        const held = tasks.get(task.id)
        if (held !== undefined) tasks.set(task.id, { ...held, lease: { id: task.id, epoch: task.epoch } })
      }
      ;({ meter, crash } = newMeter())
    }
    expectedMs += tasks.size * 15 * MINUTE_MS
    timers.advance(15 * MINUTE_MS)
    await meter.write()
  }
  const total = Object.values(await mixedMs()).reduce((sum, ms) => sum + ms, 0)
  expect(runs).toBeGreaterThan(50)
  expect(crashes).toBeGreaterThan(10)
  expect(total).toBeLessThanOrEqual(expectedMs)
  expect(total).toBeGreaterThanOrEqual(expectedMs - runs * SEC_MS)
})

/** Lets everything run that waits for nothing but other code. */
async function settle(): Promise<void> {
  for (let round = 0; round < 20; round++) await new Promise(setImmediate)
}
