// DescribeMixTranscodingUsage: minutes mixed, by tier.
import { usageQuery } from '../types/usage-query.ts'

/** Spec section 15. */
export const describeMixTranscodingUsage = usageQuery()
