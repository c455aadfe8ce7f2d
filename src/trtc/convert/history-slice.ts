// The span and page of a query of the past, checked and in our units.
import { invalidParameter } from '../parameter-error.ts'

const DAY_SEC = 86_400
const KEPT_SEC = 14 * DAY_SEC

export interface HistoryQuery {
  readonly StartTime: number
  readonly EndTime: number
  readonly PageNumber?: number | undefined
  readonly PageSize?: number | undefined
}

export interface HistoryLimits {
  readonly maxSpanSec: number
  readonly defaultPageSize: number
}

/** A span in Unix milliseconds, both ends included, and a part of what is found. */
export interface HistorySlice {
  readonly from: number
  readonly to: number
  readonly skip: number
  readonly take: number
}

/**
 * @param nowMs Unix milliseconds
 * @throws {TrtcError} one of `InvalidParameter.*` (spec section 1.8)
 */
export function toHistorySlice(query: HistoryQuery, { maxSpanSec, defaultPageSize }: HistoryLimits, nowMs: number): HistorySlice {
  const { StartTime: start, EndTime: end, PageNumber: number = 0, PageSize: size = defaultPageSize } = query
  const oldest = Math.floor(nowMs / 1000) - KEPT_SEC
  if (start < oldest) throw invalidParameter('StartTime', start, 'must be within the last 14 days', 'InvalidParameter.StartTsOversize')
  if (end < start) throw invalidParameter('EndTime', end, `must not be before StartTime, ${start}`, 'InvalidParameter.EndTs')
  if (end - start > maxSpanSec)
    throw invalidParameter(
      'EndTime',
      end,
      `must be at most ${maxSpanSec / 3600} hours after StartTime, ${start}`,
      'InvalidParameter.QueryScaleOversize',
    )
  return { from: start * 1000, to: end * 1000 + 999, skip: number * size, take: size }
}
