import { expect, test } from 'vitest'
import { nextTryAt } from './retry-times.ts'

const HOUR_MS = 3_600_000

/** Seconds of all tries of an event that always fails after `tookMs`. */
function triesOf(retryForMs: number, tookMs: number): number[] {
  const seconds: number[] = []
  for (let at: number | null = 0; at !== null;) {
    seconds.push(at / 1000)
    at = nextTryAt({ tries: seconds.length, retryFrom: 0, triedAt: at, now: at + tookMs, retryForMs })
  }
  return seconds
}

test("the vendor's rule: once more at once, then every 10 s until the event is a minute old", () => {
  expect(triesOf(0, 0)).toEqual([0, 0, 10, 20, 30, 40, 50, 60])
  expect(triesOf(60_000, 0)).toEqual([0, 0, 10, 20, 30, 40, 50, 60])
  expect(triesOf(0, 5000)).toEqual([0, 5, 15, 25, 35, 45, 55])
})

test('beyond the minute the distances grow to an hour, and the last try is at the very end', () => {
  const tries = triesOf(24 * HOUR_MS, 0)
  expect(tries.slice(0, 8)).toEqual([0, 0, 10, 20, 30, 40, 50, 60])
  const later = tries.slice(7)
  const distances = later.slice(1).map((at, index) => Math.round(1000 * (at - (later[index] ?? 0))) / 1000)
  expect(distances[0]).toBe(30)
  for (const [index, distance] of distances.slice(1, -1).entries()) expect(distance).toBeGreaterThanOrEqual(distances[index] ?? 0)
  expect(Math.max(...distances)).toBe(3600)
  expect(tries.at(-1)).toBe(24 * 3600)
  expect(tries.length).toBeLessThan(60)
})

test('an event that waited for a server that was down gets two tries, however old it is', () => {
  const old = { retryFrom: 0, triedAt: 30 * HOUR_MS, now: 30 * HOUR_MS + 5000, retryForMs: 24 * HOUR_MS }
  expect(nextTryAt({ ...old, tries: 1 })).toBe(old.now)
  expect(nextTryAt({ ...old, tries: 2 })).toBeNull()
})
