// What the usage queries ask for: whole days, of one application or all.
import { isUsageDay } from '../convert/usage-days.ts'
import { object, sdkAppId, text } from './values.ts'

const day = () => text().refine(isUsageDay, 'must be a day as YYYY-MM-DD')

/** Spec section 15; both days are part of the span, in either order. */
export const usageQuery = () =>
  object({
    StartTime: day(),
    EndTime: day(),
    SdkAppId: sdkAppId().optional(),
  })
