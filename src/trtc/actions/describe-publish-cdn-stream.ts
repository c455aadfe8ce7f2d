// DescribePublishCdnStream: one task, its health and what went wrong. An action of ours.
import { z } from 'zod'
import { taskDescription } from '../types/task-description.ts'
import { object, sdkAppId, taskId } from '../types/values.ts'

export const describePublishCdnStream = object({ SdkAppId: sdkAppId(), TaskId: taskId() })

export const describePublishCdnStreamAnswer = z.object({ Task: taskDescription })
