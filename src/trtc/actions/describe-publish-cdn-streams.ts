// DescribePublishCdnStreams: all tasks that a key may see, page by page. An action of ours.
import { z } from 'zod'
import { taskDescription, taskStates } from '../types/task-description.ts'
import { array, integer, object, sdkAppId, word } from '../types/values.ts'

/** Without `SdkAppId`: of every application that the key has a right to. Without `States`: all. */
export const describePublishCdnStreams = object({
  SdkAppId: sdkAppId().optional(),
  States: array(word(...taskStates), taskStates.length).optional(),
  Offset: integer(0, 1_000_000).optional(),
  Limit: integer(1, 100).optional(),
})

export const describePublishCdnStreamsAnswer = z.object({
  Total: z.int().describe('on all pages'),
  Tasks: z.array(taskDescription).describe('newest first; of those that ended the newest 200'),
})
