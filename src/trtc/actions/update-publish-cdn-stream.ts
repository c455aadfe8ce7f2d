// UpdatePublishCdnStream: changes a running task; what is absent stays as it is.
import type { z } from 'zod'
import { audioParamsUpdate } from '../types/audio-params.ts'
import { feedBackRoomParams, publishCdnParams } from '../types/destinations.ts'
import { seiParams } from '../types/sei-params.ts'
import { oneStream } from '../types/user-info.ts'
import { choice, integer, object, sdkAppId, taskId } from '../types/values.ts'
import { videoParamsUpdate } from '../types/video-params.ts'

/** Spec section 4. */
export const updatePublishCdnStream = object({
  SdkAppId: sdkAppId(),
  TaskId: taskId(),
  SequenceNumber: integer(0, Number.MAX_SAFE_INTEGER),
  WithTranscoding: choice(0, 1),
  AudioParams: audioParamsUpdate.optional(),
  VideoParams: videoParamsUpdate.optional(),
  SingleSubscribeParams: oneStream.optional(),
  PublishCdnParams: publishCdnParams.optional(),
  FeedBackRoomParams: feedBackRoomParams.optional(),
  SeiParams: seiParams.optional(),
})

export type UpdatePublishCdnStream = z.output<typeof updatePublishCdnStream>
