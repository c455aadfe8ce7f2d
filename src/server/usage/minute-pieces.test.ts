import { expect, test } from 'vitest'
import { MINUTE_MS, minutePieces } from './minute-pieces.ts'

test('a stretch within a minute, across one, and none', () => {
  expect(minutePieces(60_000, 61_000)).toEqual([{ minuteAt: 60_000, ms: 1000 }])
  expect(minutePieces(119_500, 120_500)).toEqual([
    { minuteAt: 60_000, ms: 500 },
    { minuteAt: 120_000, ms: 500 },
  ])
  expect(minutePieces(60_000, 60_000)).toEqual([])
  expect(minutePieces(60_001, 60_000)).toEqual([])
})

test('random stretches: pieces are whole, in order, within their minutes', () => {
  let seed = 11
  const random = (below: number): number => {
    seed = (seed * 48271) % 2147483647
    return seed % below
  }
  for (let round = 0; round < 2000; round++) {
    const from = 1_795_305_600_000 + random(10_000_000)
    const until = from + random(400_000)
    const pieces = minutePieces(from, until)
    expect(pieces.reduce((sum, { ms }) => sum + ms, 0)).toBe(until - from)
    let at = from
    for (const { minuteAt, ms } of pieces) {
      expect(ms).toBeGreaterThan(0)
      expect(minuteAt % MINUTE_MS).toBe(0)
      expect(at).toBeGreaterThanOrEqual(minuteAt)
      at += ms
      expect(at).toBeLessThanOrEqual(minuteAt + MINUTE_MS)
    }
  }
})
