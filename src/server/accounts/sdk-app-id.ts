// The number of an application, as the operator gives it.
import { z } from 'zod'

export const sdkAppId = z.number().int().min(1, 'must be 1 to 4294967295').max(4294967295, 'must be 1 to 4294967295')
