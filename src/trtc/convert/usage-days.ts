// Days on the wire and the instants they stand for. Days are those of UTC+8, as the vendor counts them.
import { invalidParameter } from '../parameter-error.ts'

const DAY_MS = 24 * 3600 * 1000
const STEP_MS = 5 * 60_000
const UTC_OFFSET_MS = 8 * 3600 * 1000
const MAX_DAYS = 31

const beginOf = (day: string): number => Date.parse(`${day}T00:00:00Z`) - UTC_OFFSET_MS

/** Whether a text is a day of the calendar as YYYY-MM-DD. */
export const isUsageDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && usageDay(beginOf(text)) === text

/** As in `2022-01-01`; empty for an instant that is none. */
export const usageDay = (at: number): string => (Number.isNaN(at) ? '' : new Date(at + UTC_OFFSET_MS).toISOString().slice(0, 10))

/** As in `2022-01-01 00:05:00`. */
export const usageTime = (at: number): string => new Date(at + UTC_OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ')

/** Unix ms; `until` is no longer part of it. */
export interface UsageDays {
  readonly from: number
  readonly until: number
  /** Five minutes for one day, a day for several. */
  readonly pointMs: number
  readonly isOneDay: boolean
}

/**
 * The span of two days, both of them in it; in the wrong order they are swapped, as in the vendor's own examples.
 * @throws {TrtcError} `InvalidParameter` for more than 31 days
 */
export function toUsageDays({ StartTime, EndTime }: { readonly StartTime: string; readonly EndTime: string }): UsageDays {
  const [from = 0, last = 0] = [beginOf(StartTime), beginOf(EndTime)].toSorted((one, other) => one - other)
  const until = last + DAY_MS
  if (until - from > MAX_DAYS * DAY_MS) {
    throw invalidParameter('EndTime', EndTime, `must be within ${MAX_DAYS} days, first and last included, of StartTime (${StartTime})`)
  }
  const isOneDay = until - from === DAY_MS
  return { from, until, pointMs: isOneDay ? STEP_MS : DAY_MS, isOneDay }
}
