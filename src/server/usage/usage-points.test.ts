import { expect, test } from 'vitest'
import type { UsageTier } from '../../mix/usage-tier.ts'
import type { MixedUse } from '../../store/usage-store.ts'
import { bandwidthPoints, mixedPoints, pointStarts, type PointSpan } from './usage-points.ts'

const STEP_MS = 300_000
const DAY_MS = 24 * 3600 * 1000
const from = 1640966400 * 1000
const oneDay: PointSpan = { from, until: from + DAY_MS, pointMs: STEP_MS }
const threeDays: PointSpan = { from, until: from + 3 * DAY_MS, pointMs: DAY_MS }
const later = from + 10 * DAY_MS

const minutes = (ms: number): number => Math.ceil(ms / 60_000)
const use = (stepAt: number, ms: number, tier: UsageTier = 'audio', appId = 1): MixedUse => ({ appId, stepAt, tier, ms })
const audio = (points: readonly ReadonlyMap<UsageTier, number>[]): number[] => points.map((point) => point.get('audio') ?? 0)

test('there is a point for every step that has begun', () => {
  expect(pointStarts(oneDay, later)).toHaveLength(288)
  expect(pointStarts(threeDays, later)).toEqual([from, from + DAY_MS, from + 2 * DAY_MS])
  expect(pointStarts(threeDays, from + DAY_MS)).toHaveLength(2)
  expect(pointStarts(threeDays, from + DAY_MS - 1)).toHaveLength(1)
  expect(pointStarts(oneDay, from - 1)).toEqual([])
})

test('a day is rounded up once, and its points add up to it', () => {
  const uses = [use(from, 20_000), use(from + STEP_MS, 20_000), use(from + 2 * STEP_MS, 30_000)]
  expect(audio(mixedPoints(uses, oneDay, later, minutes)).slice(0, 4)).toEqual([1, 0, 1, 0])
  expect(audio(mixedPoints(uses.toReversed(), oneDay, later, minutes)).slice(0, 4)).toEqual([1, 0, 1, 0])
  expect(audio(mixedPoints(uses, threeDays, later, minutes))).toEqual([2, 0, 0])
})

test('applications, tiers and days are each rounded by themselves', () => {
  const uses = [
    use(from, 1, 'audio', 1),
    use(from, 1, 'audio', 2),
    use(from, 60_001, 'hd-h264', 1),
    use(from + DAY_MS, 1, 'audio', 1),
    use(from + 3 * DAY_MS, 1, 'audio', 1),
  ]
  const points = mixedPoints(uses, threeDays, later, minutes)
  expect(audio(points)).toEqual([2, 1, 0])
  expect(points[0]?.get('hd-h264')).toBe(2)
})

test('random days: the points of five minutes add up to the point of the day', () => {
  let seed = 9
  const random = (below: number): number => {
    seed = (seed * 48271) % 2147483647
    return seed % below
  }
  for (let round = 0; round < 200; round++) {
    const uses = Array.from({ length: random(50) }, () => use(from + random(288) * STEP_MS, random(STEP_MS), 'audio', random(3)))
    const merged = [...Map.groupBy(uses, ({ appId, stepAt }) => `${appId}/${stepAt}`).values()].map((same) => ({
      ...same[0]!,
      ms: same.reduce((sum, { ms }) => sum + ms, 0),
    }))
    for (const units of [minutes, (ms: number) => Math.round(ms / 1000)]) {
      const fine = audio(mixedPoints(merged, oneDay, later, units))
      const [coarse] = audio(mixedPoints(merged, threeDays, later, units))
      expect(fine.reduce((sum, value) => sum + value, 0)).toBe(coarse)
      expect(Math.min(...fine)).toBeGreaterThanOrEqual(0)
      const apart = [0, 1, 2].reduce(
        (sum, app) => sum + units(merged.filter(({ appId }) => appId === app).reduce((ms, one) => ms + one.ms, 0)),
        0,
      )
      expect(coarse).toBe(apart)
    }
  }
})

test('bandwidth: applications add up within a step, the highest step of a day counts, billings are apart', () => {
  const sent = (appId: number, step: number, peakMinuteBytes: number, billing: 'vendor-cdn' | 'third-party-cdn' = 'third-party-cdn') => ({
    appId,
    stepAt: from + step * STEP_MS,
    billing,
    peakMinuteBytes,
  })
  const oneMbps = 7_500_000
  const uses = [
    sent(1, 0, oneMbps),
    sent(2, 0, 2 * oneMbps),
    sent(1, 1, 2.5 * oneMbps),
    sent(1, 288, oneMbps),
    sent(1, 1, 3750, 'vendor-cdn'),
  ]
  expect(bandwidthPoints(uses, threeDays, later).map((point) => point.get('third-party-cdn'))).toEqual([3, 1, undefined])
  const fine = bandwidthPoints(uses, oneDay, later)
  expect(fine.slice(0, 2).map((point) => point.get('third-party-cdn'))).toEqual([3, 2.5])
  expect(fine[1]?.get('vendor-cdn')).toBe(0.001)
  expect(fine.slice(2).every((point) => point.size === 0)).toBe(true)
})
