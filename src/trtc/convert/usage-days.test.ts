import { expect, test } from 'vitest'
import { TrtcError } from '../errors.ts'
import { isUsageDay, toUsageDays, usageDay, usageTime } from './usage-days.ts'

const DAY_MS = 24 * 3600 * 1000
/** 2022-01-01 00:00:00 in the vendor's example, which is UTC+8. */
const newYear = 1640966400 * 1000

test('days are those of UTC+8, as in the example of the vendor', () => {
  expect(toUsageDays({ StartTime: '2022-01-01', EndTime: '2022-01-01' })).toEqual({
    from: newYear,
    until: newYear + DAY_MS,
    pointMs: 300_000,
    isOneDay: true,
  })
  expect(usageTime(newYear)).toBe('2022-01-01 00:00:00')
  expect(usageTime(newYear + DAY_MS - 300_000)).toBe('2022-01-01 23:55:00')
  expect(usageDay(newYear - 1)).toBe('2021-12-31')
})

test('several days have a point a day, in either order', () => {
  const two = { from: newYear, until: newYear + 2 * DAY_MS, pointMs: DAY_MS, isOneDay: false }
  expect(toUsageDays({ StartTime: '2022-01-01', EndTime: '2022-01-02' })).toEqual(two)
  expect(toUsageDays({ StartTime: '2022-01-02', EndTime: '2022-01-01' })).toEqual(two)
})

test('31 days are taken, 32 are not, in either order', () => {
  expect(
    toUsageDays({ StartTime: '2026-01-01', EndTime: '2026-01-31' }).until -
      toUsageDays({ StartTime: '2026-01-31', EndTime: '2026-01-01' }).from,
  ).toBe(31 * DAY_MS)
  for (const [StartTime, EndTime] of [
    ['2026-01-01', '2026-02-01'],
    ['2026-02-01', '2026-01-01'],
    ['0001-01-01', '9999-12-31'],
  ] as const) {
    expect(() => toUsageDays({ StartTime, EndTime })).toThrow(
      new TrtcError(
        'InvalidParameter',
        `EndTime is "${EndTime}"; it must be within 31 days, first and last included, of StartTime (${StartTime}).`,
      ),
    )
  }
})

test.each([
  ['2024-02-29', true],
  ['2026-02-29', false],
  ['2026-04-31', false],
  ['2026-13-01', false],
  ['2026-00-10', false],
  ['2026-1-1', false],
  ['2026-01-01 00:00:00', false],
  ['2026-01-01T', false],
  ['', false],
  ['0001-01-01', true],
  ['0000-01-01', true],
  ['９９９９-01-01', false],
])('%s is a day: %s', (text, isDay) => {
  expect(isUsageDay(text)).toBe(isDay)
})
