// PausePublishCdnStream and ResumePublishCdnStream: outputs are disconnected while the mix goes on. Actions of ours.
import { z } from 'zod'
import { object, sdkAppId, taskId } from '../types/values.ts'

/** Of both. */
export const pausePublishCdnStream = object({ SdkAppId: sdkAppId(), TaskId: taskId() })

export const pausePublishCdnStreamAnswer = z.object({ TaskId: z.string() })
