// The table of actions: their schemas and limits.
import type { z } from 'zod'
import { describePublishCdnStream, type describePublishCdnStreamAnswer } from './describe-publish-cdn-stream.ts'
import { describePublishCdnStreams, type describePublishCdnStreamsAnswer } from './describe-publish-cdn-streams.ts'
import { describeRoomInfo, type RoomState } from './describe-room-info.ts'
import { describeUserInfo, type UserInformation } from './describe-user-info.ts'
import { dismissRoom, dismissRoomByStrRoomId } from './dismiss-room.ts'
import { pausePublishCdnStream, type pausePublishCdnStreamAnswer } from './pause-publish-cdn-stream.ts'
import { previewPublishCdnStream, type previewPublishCdnStreamAnswer } from './preview-publish-cdn-stream.ts'
import { removeUser, removeUserByStrRoomId } from './remove-user.ts'
import { setUserBlocked, setUserBlockedByStrRoomId } from './set-user-blocked.ts'
import type { UsageList } from '../usage-keys.ts'
import { describeMixTranscodingUsage } from './describe-mix-transcoding-usage.ts'
import { describeRelayUsage } from './describe-relay-usage.ts'
import { describeTrtcMcuTranscodeTime, type TranscodeTime } from './describe-trtc-mcu-transcode-time.ts'
import { snapshotPublishCdnStream, type snapshotPublishCdnStreamAnswer } from './snapshot-publish-cdn-stream.ts'
import { startPublishCdnStream } from './start-publish-cdn-stream.ts'
import { stopPublishCdnStream } from './stop-publish-cdn-stream.ts'
import { updatePublishCdnStream } from './update-publish-cdn-stream.ts'
import { validatePublishCdnStream, type validatePublishCdnStreamAnswer } from './validate-publish-cdn-stream.ts'

/** The one version of the API. */
export const apiVersion = '2019-07-22'

/** Every action by its name on the wire. */
export const actions = {
  StartPublishCdnStream: { schema: startPublishCdnStream, maxPerSec: 20 },
  UpdatePublishCdnStream: { schema: updatePublishCdnStream, maxPerSec: 20 },
  StopPublishCdnStream: { schema: stopPublishCdnStream, maxPerSec: 20 },
  DescribeMixTranscodingUsage: { schema: describeMixTranscodingUsage, maxPerSec: 5 },
  DescribeRelayUsage: { schema: describeRelayUsage, maxPerSec: 5 },
  DescribeTrtcMcuTranscodeTime: { schema: describeTrtcMcuTranscodeTime, maxPerSec: 20 },
  RemoveUser: { schema: removeUser, maxPerSec: 20 },
  RemoveUserByStrRoomId: { schema: removeUserByStrRoomId, maxPerSec: 20 },
  DismissRoom: { schema: dismissRoom, maxPerSec: 20 },
  DismissRoomByStrRoomId: { schema: dismissRoomByStrRoomId, maxPerSec: 20 },
  SetUserBlocked: { schema: setUserBlocked, maxPerSec: 20 },
  SetUserBlockedByStrRoomId: { schema: setUserBlockedByStrRoomId, maxPerSec: 20 },
  DescribeRoomInfo: { schema: describeRoomInfo, maxPerSec: 20 },
  DescribeUserInfo: { schema: describeUserInfo, maxPerSec: 20 },
  DescribePublishCdnStream: { schema: describePublishCdnStream, maxPerSec: 20 },
  DescribePublishCdnStreams: { schema: describePublishCdnStreams, maxPerSec: 5 },
  ValidatePublishCdnStream: { schema: validatePublishCdnStream, maxPerSec: 20 },
  PreviewPublishCdnStream: { schema: previewPublishCdnStream, maxPerSec: 5 },
  SnapshotPublishCdnStream: { schema: snapshotPublishCdnStream, maxPerSec: 5 },
  PausePublishCdnStream: { schema: pausePublishCdnStream, maxPerSec: 20 },
  ResumePublishCdnStream: { schema: pausePublishCdnStream, maxPerSec: 20 },
} as const

export type ActionName = keyof typeof actions

/** What an action takes. */
export type ActionRequest<Name extends ActionName> = z.output<(typeof actions)[Name]['schema']>

/** What an action answers, apart from `RequestId`. */
export interface ActionResponses {
  StartPublishCdnStream: { readonly TaskId: string }
  UpdatePublishCdnStream: { readonly TaskId: string }
  StopPublishCdnStream: { readonly TaskId: string }
  DescribeMixTranscodingUsage: UsageList
  DescribeRelayUsage: UsageList
  DescribeTrtcMcuTranscodeTime: TranscodeTime
  RemoveUser: object
  RemoveUserByStrRoomId: object
  DismissRoom: object
  DismissRoomByStrRoomId: object
  SetUserBlocked: object
  SetUserBlockedByStrRoomId: object
  DescribeRoomInfo: { readonly Total: number; readonly RoomList: readonly RoomState[] }
  DescribeUserInfo: { readonly Total: number; readonly UserList: readonly UserInformation[] }
  DescribePublishCdnStream: z.output<typeof describePublishCdnStreamAnswer>
  DescribePublishCdnStreams: z.output<typeof describePublishCdnStreamsAnswer>
  ValidatePublishCdnStream: z.output<typeof validatePublishCdnStreamAnswer>
  PreviewPublishCdnStream: z.output<typeof previewPublishCdnStreamAnswer>
  SnapshotPublishCdnStream: z.output<typeof snapshotPublishCdnStreamAnswer>
  PausePublishCdnStream: z.output<typeof pausePublishCdnStreamAnswer>
  ResumePublishCdnStream: z.output<typeof pausePublishCdnStreamAnswer>
}

export const isActionName = (name: string): name is ActionName => Object.hasOwn(actions, name)
