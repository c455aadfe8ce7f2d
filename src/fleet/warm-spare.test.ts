import { expect, test } from 'vitest'
import { fakeEngines } from '../../test/support/fake-engine.ts'
import { ManualTimers } from '../../test/support/manual-timers.ts'
import { createLogger } from '../log.ts'
import { EngineProcess } from './engine-process.ts'
import { WarmSpare } from './warm-spare.ts'

function setUp() {
  const timers = new ManualTimers()
  const fakes = fakeEngines()
  const spare = () => new WarmSpare({ spawn: () => new EngineProcess(fakes.spawn), timers, log: createLogger('test', 'silent') })
  return { timers, fakes, spare }
}

test('there is exactly one spare, refilled a second after it was taken', async () => {
  const { timers, fakes, spare: open } = setUp()
  const spare = open()
  expect(fakes.engines).toHaveLength(1)
  const taken = spare.take()
  await taken.ready
  expect(taken.pid).toBe(fakes.engines[0]?.pid)
  timers.advance(999)
  expect(fakes.engines).toHaveLength(1)
  timers.advance(1)
  expect(fakes.engines).toHaveLength(2)
  timers.advance(60_000)
  expect(fakes.engines).toHaveLength(2)
  await spare.close()
  expect(fakes.engines.map(({ isAlive }) => isAlive)).toEqual([true, false])
})

test('who comes while there is no spare gets a fresh process, and one spare follows', async () => {
  const { timers, fakes, spare: open } = setUp()
  const spare = open()
  const pids = [spare.take(), spare.take(), spare.take()].map(({ pid }) => pid)
  expect(new Set(pids).size).toBe(3)
  timers.advance(10_000)
  expect(fakes.engines).toHaveLength(4)
  await spare.close()
})

test('a spare that dies is replaced, later each time', async () => {
  const { timers, fakes, spare: open } = setUp()
  fakes.habits.warms = false
  const spare = open()
  for (const [index, pauseMs] of [1000, 2000, 4000].entries()) {
    const engine = fakes.engines[index]
    engine?.die(1)
    await new Promise(setImmediate)
    timers.advance(pauseMs - 1)
    expect(fakes.engines).toHaveLength(index + 1)
    timers.advance(1)
    expect(fakes.engines).toHaveLength(index + 2)
  }
  await spare.close()
})

test('a spare that never gets warm is ended', async () => {
  const { timers, fakes, spare: open } = setUp()
  fakes.habits.warms = false
  const spare = open()
  timers.advance(30_000)
  expect(fakes.engines[0]?.isAlive).toBe(false)
  await spare.close()
})

test('closing ends the spare and refills no more', async () => {
  const { timers, fakes, spare: open } = setUp()
  const spare = open()
  spare.take()
  await spare.close()
  timers.advance(60_000)
  expect(fakes.engines).toHaveLength(1)
})
