// StopPublishCdnStream: ends a task.
import type { z } from 'zod'
import { recordKey } from '../types/record-params.ts'
import { object, sdkAppId, taskId } from '../types/values.ts'

/** Spec section 5. */
export const stopPublishCdnStream = object({
  SdkAppId: sdkAppId(),
  TaskId: taskId(),
  RecordKey: recordKey().optional(),
})

export type StopPublishCdnStream = z.output<typeof stopPublishCdnStream>
