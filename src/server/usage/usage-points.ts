// Usage as points of a curve: rounded as it is billed, and nothing lost by rounding.
import type { UsageTier } from '../../mix/usage-tier.ts'
import type { MixedUse, SentUse, UsageSpan } from '../../store/usage-store.ts'
import type { Billing } from './sent-bytes.ts'

/** Points stand this far from each other, from `from` on, which begins a day. */
export interface PointSpan extends UsageSpan {
  readonly pointMs: number
}

const DAY_MS = 24 * 3600 * 1000

/** The begins of all points that have begun at `now`. */
export function pointStarts({ from, until, pointMs }: PointSpan, now: number): number[] {
  const starts: number[] = []
  for (let at = from; at < until && at <= now; at += pointMs) starts.push(at)
  return starts
}

/**
 * Time by tier, one map a point, in units of `units`: each application's time of a day in a tier is rounded, and the points
 * of the day add up to that.
 * @param units of milliseconds, rising with them
 */
export function mixedPoints(
  uses: readonly MixedUse[],
  span: PointSpan,
  now: number,
  units: (ms: number) => number,
): ReadonlyMap<UsageTier, number>[] {
  const points = pointStarts(span, now).map(() => new Map<UsageTier, number>())
  const days = Map.groupBy(uses, ({ appId, tier, stepAt }) => `${appId}/${tier}/${Math.floor((stepAt - span.from) / DAY_MS)}`)
  for (const day of days.values()) {
    let ms = 0
    for (const use of day.toSorted((one, other) => one.stepAt - other.stepAt)) {
      const before = units(ms)
      ms += use.ms
      const point = points[Math.floor((use.stepAt - span.from) / span.pointMs)]
      point?.set(use.tier, (point.get(use.tier) ?? 0) + units(ms) - before)
    }
  }
  return points
}

/** Bandwidth in Mbps by billing, one map a point: the highest step of each, in which applications add up. */
export function bandwidthPoints(uses: readonly SentUse[], span: PointSpan, now: number): ReadonlyMap<Billing, number>[] {
  const points = pointStarts(span, now).map(() => new Map<Billing, number>())
  for (const step of Map.groupBy(uses, ({ billing, stepAt }) => `${billing}/${stepAt}`).values()) {
    const [first] = step
    const point = first && points[Math.floor((first.stepAt - span.from) / span.pointMs)]
    if (point === undefined) continue
    const mbps = minuteMbps(step.reduce((sum, { peakMinuteBytes }) => sum + peakMinuteBytes, 0))
    point.set(first!.billing, Math.max(point.get(first!.billing) ?? 0, mbps))
  }
  return points
}

/** Bytes of a minute as Mbps, to the kbps. */
const minuteMbps = (bytes: number): number => Math.round((bytes * 8) / 60 / 1000) / 1000
