// What a benchmark gives: measurements in one unit, the goal one of their statistics is held to, and the arithmetic for both.

export interface Measurement {
  readonly what: string
  readonly unit: string
  /** One per run or trial. */
  readonly values: readonly number[]
  /** `null`: nothing was promised, the value explains another one. */
  readonly goal: Goal | null
}

export interface Goal {
  readonly statistic: 'median' | 'p95'
  readonly atMost: number
}

export interface Figure {
  /** How the command line calls it. */
  readonly name: string
  readonly title: string
  /** What is measured, against what and how, for the reader of the table. */
  readonly method: string
  readonly measure: (options: MeasureOptions) => Promise<Measurement[]>
}

export interface MeasureOptions {
  /** Comparisons in turn, or passes over a live system; trials within a pass are fixed. */
  readonly runs: number
}

/** Nearest-rank percentile, 0 < `share` <= 1. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2
}

export const statistic = (name: Goal['statistic'], values: readonly number[]): number =>
  name === 'median' ? median(values) : percentile(values, 0.95)

/** Whether the goal is met; `null` without one. */
export const isMet = ({ values, goal }: Measurement): boolean | null =>
  goal === null ? null : statistic(goal.statistic, values) <= goal.atMost
