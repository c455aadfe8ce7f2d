import { expect, test } from 'vitest'
import { CrashGuard } from './crash-guard.ts'

test('pauses grow with crashes in a row, and the sixth within a minute is the last', () => {
  const guard = new CrashGuard()
  expect([0, 1, 2, 3, 4, 5].map((second) => guard.crashed(second * 1000))).toEqual([0, 250, 500, 1000, 2000, null])
})

test('crashes a minute apart are single ones', () => {
  const guard = new CrashGuard()
  for (let minute = 0; minute < 20; minute++) expect(guard.crashed(minute * 60_000)).toBe(0)
})

test('five crashes a minute go on for ever', () => {
  const guard = new CrashGuard()
  for (let crash = 0; crash < 50; crash++) expect(guard.crashed(crash * 12_001)).not.toBeNull()
})
