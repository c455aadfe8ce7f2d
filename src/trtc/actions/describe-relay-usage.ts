// DescribeRelayUsage: bandwidth of pushes.
import { usageQuery } from '../types/usage-query.ts'

/** Spec section 15. */
export const describeRelayUsage = usageQuery()
