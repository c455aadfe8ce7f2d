// SnapshotPublishCdnStream: what a task's canvas shows now. An action of ours.
import { z } from 'zod'
import { object, sdkAppId, taskId } from '../types/values.ts'

export const snapshotPublishCdnStream = object({ SdkAppId: sdkAppId(), TaskId: taskId() })

export const snapshotPublishCdnStreamAnswer = z.object({
  Image: z.string().describe('PNG in base64'),
  Width: z.int(),
  Height: z.int(),
})
