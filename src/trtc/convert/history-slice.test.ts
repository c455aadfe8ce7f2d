import { expect, test } from 'vitest'
import { TrtcError } from '../errors.ts'
import { toHistorySlice } from './history-slice.ts'

const nowMs = 1_700_000_000_500
const nowSec = 1_700_000_000
const limits = { maxSpanSec: 14_400, defaultPageSize: 6 }
const slice = (query: Partial<Parameters<typeof toHistorySlice>[0]>) =>
  toHistorySlice({ StartTime: nowSec - 60, EndTime: nowSec, ...query }, limits, nowMs)
const codeOf = (query: Parameters<typeof slice>[0]): string => {
  try {
    slice(query)
    return 'taken'
  } catch (error) {
    return error instanceof TrtcError ? error.code : String(error)
  }
}

test('seconds become milliseconds with both ends inside, pages become a part', () => {
  expect(slice({})).toEqual({ from: (nowSec - 60) * 1000, to: nowSec * 1000 + 999, skip: 0, take: 6 })
  expect(slice({ PageNumber: 3 })).toMatchObject({ skip: 18, take: 6 })
  expect(slice({ PageNumber: 3, PageSize: 100 })).toMatchObject({ skip: 300, take: 100 })
})

test('limits are met to the second', () => {
  const oldest = nowSec - 14 * 86_400
  expect(codeOf({ StartTime: oldest, EndTime: oldest + 14_400 })).toBe('taken')
  expect(codeOf({ StartTime: oldest - 1, EndTime: oldest })).toBe('InvalidParameter.StartTsOversize')
  expect(codeOf({ StartTime: nowSec - 14_401 })).toBe('InvalidParameter.QueryScaleOversize')
  expect(codeOf({ StartTime: nowSec })).toBe('taken')
  expect(codeOf({ StartTime: nowSec + 1 })).toBe('InvalidParameter.EndTs')
})
