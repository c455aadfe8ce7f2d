import { expect, test, vi } from 'vitest'
import { createMediaClock } from './media-clock.ts'
import { startTicker, type Tick } from './ticker.ts'

function scene(work: (tick: Tick) => void = () => {}) {
  vi.useFakeTimers({ now: 0 })
  const clock = createMediaClock(
    0,
    () => 1010,
    () => Date.now(),
  )
  const ticks: Tick[] = []
  const ticker = startTicker({
    clock,
    periodMs: 100,
    catchUpMs: 250,
    tick: (tick) => {
      ticks.push(tick)
      work(tick)
    },
    failed: (error) => {
      throw error
    },
  })
  return { ticks, ticker }
}

test('ticks at whole periods of the task time, from the next one on', async () => {
  const { ticks, ticker } = scene()
  await vi.advanceTimersByTimeAsync(300)
  expect(ticks.map((tick) => tick.taskMs)).toEqual([1100, 1200, 1300])
  expect(ticks.every((tick) => tick.lateMs === 0 && tick.skipped === 0)).toBe(true)
  ticker.close()
})

test('makes up for a short stall, losing no tick', async () => {
  const { ticks, ticker } = scene((tick) => {
    if (tick.index === 11) vi.setSystemTime(Date.now() + 230)
  })
  await vi.advanceTimersByTimeAsync(500)
  expect(ticks.map((tick) => tick.index)).toEqual(ticks.map((_, position) => 11 + position))
  expect(ticks[1]?.lateMs).toBeGreaterThan(100)
  ticker.close()
})

test('leaves out what a long stall made too old', async () => {
  const { ticks, ticker } = scene((tick) => {
    if (tick.index === 11) vi.setSystemTime(Date.now() + 730)
  })
  await vi.advanceTimersByTimeAsync(200)
  expect(ticks[1]?.skipped).toBeGreaterThan(4)
  expect(ticks[1]?.lateMs).toBeLessThan(100)
  ticker.close()
})

test('is silent after close', async () => {
  const { ticks, ticker } = scene()
  ticker.close()
  await vi.advanceTimersByTimeAsync(1000)
  expect(ticks).toEqual([])
})
