import { expect, test } from 'vitest'
import { parseExpiry } from './parse-expiry.ts'

const now = Date.UTC(2026, 10, 22)

test.each([
  ['90s', now + 90_000],
  ['45m', now + 45 * 60_000],
  ['12h', now + 12 * 3_600_000],
  ['30d', now + 30 * 86_400_000],
  ['2027-01-31', Date.UTC(2027, 0, 31)],
  ['2027-01-31T12:30', Date.UTC(2027, 0, 31, 12, 30)],
  ['2027-01-31T12:30:15.5Z', Date.UTC(2027, 0, 31, 12, 30, 15, 500)],
  ['2027-01-31T12:30:00+08:00', Date.UTC(2027, 0, 31, 4, 30)],
  ['', null],
  ['12', null],
  ['-1h', null],
  ['1w', null],
  ['tomorrow', null],
  ['2027-13-31', null],
])('%j', (text, expected) => {
  expect(parseExpiry(text, now)).toBe(expected)
})
