// What the queries of past rooms and users have in common: a span of Unix seconds, and a page.
import type { FieldCodes } from '../field-codes.ts'
import { integer } from './values.ts'

const seconds = () => integer(0, 99_999_999_999)

export const span = () => ({ StartTime: seconds(), EndTime: seconds() })

/** Pages count from 0. */
export const page = () => ({
  PageNumber: integer(0, 1_000_000).optional(),
  PageSize: integer(1, 100).optional(),
})

/** Spec section 1.8. */
export const historyCodes = {
  SdkAppId: 'InvalidParameter.SdkAppId',
  StartTime: 'InvalidParameter.StartTs',
  EndTime: 'InvalidParameter.EndTs',
  PageNumber: 'InvalidParameter.PageNumber',
  PageSize: (value) => (Number(value) > 100 ? 'InvalidParameter.PageSizeOversize' : 'InvalidParameter.PageSize'),
} as const satisfies FieldCodes
