// StartPublishCdnStream: begins a task that mixes a room and pushes the result.
import type { z } from 'zod'
import { agentParams } from '../types/agent-params.ts'
import { audioParams } from '../types/audio-params.ts'
import { feedBackRoomParams, publishCdnParams } from '../types/destinations.ts'
import { recordParams } from '../types/record-params.ts'
import { seiParams } from '../types/sei-params.ts'
import { oneStream } from '../types/user-info.ts'
import { choice, object, sdkAppId, text } from '../types/values.ts'
import { videoParams } from '../types/video-params.ts'

/** Spec section 3. */
export const startPublishCdnStream = object({
  SdkAppId: sdkAppId(),
  RoomId: text(),
  RoomIdType: choice(0, 1),
  AgentParams: agentParams,
  WithTranscoding: choice(0, 1),
  AudioParams: audioParams,
  VideoParams: videoParams.optional(),
  SingleSubscribeParams: oneStream.optional(),
  PublishCdnParams: publishCdnParams.optional(),
  FeedBackRoomParams: feedBackRoomParams.optional(),
  SeiParams: seiParams.optional(),
  RecordParams: recordParams.optional(),
})

export type StartPublishCdnStream = z.output<typeof startPublishCdnStream>
