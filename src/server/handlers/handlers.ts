// The table of handlers.
import { describeMixTranscodingUsage } from './describe-mix-transcoding-usage.ts'
import { describePublishCdnStream } from './describe-publish-cdn-stream.ts'
import { describePublishCdnStreams } from './describe-publish-cdn-streams.ts'
import { describeRelayUsage } from './describe-relay-usage.ts'
import { describeRoomInfo } from './describe-room-info.ts'
import { describeUserInfo } from './describe-user-info.ts'
import { describeTrtcMcuTranscodeTime } from './describe-trtc-mcu-transcode-time.ts'
import { dismissRoom } from './dismiss-room.ts'
import type { HandlerPorts, Handlers } from './handler.ts'
import { pausePublishCdnStream } from './pause-publish-cdn-stream.ts'
import { previewPublishCdnStream } from './preview-publish-cdn-stream.ts'
import { removeUser } from './remove-user.ts'
import { setUserBlocked } from './set-user-blocked.ts'
import { snapshotPublishCdnStream } from './snapshot-publish-cdn-stream.ts'
import { startPublishCdnStream } from './start-publish-cdn-stream.ts'
import { stopPublishCdnStream } from './stop-publish-cdn-stream.ts'
import { updatePublishCdnStream } from './update-publish-cdn-stream.ts'
import { validatePublishCdnStream } from './validate-publish-cdn-stream.ts'

/** All actions over one set of ports. */
export const createHandlers = (ports: HandlerPorts): Handlers => ({
  StartPublishCdnStream: startPublishCdnStream(ports),
  UpdatePublishCdnStream: updatePublishCdnStream(ports),
  StopPublishCdnStream: stopPublishCdnStream(ports),
  DescribeMixTranscodingUsage: describeMixTranscodingUsage(ports),
  DescribeRelayUsage: describeRelayUsage(ports),
  DescribeTrtcMcuTranscodeTime: describeTrtcMcuTranscodeTime(ports),
  RemoveUser: removeUser(ports),
  RemoveUserByStrRoomId: removeUser(ports),
  DismissRoom: dismissRoom(ports),
  DismissRoomByStrRoomId: dismissRoom(ports),
  SetUserBlocked: setUserBlocked(ports),
  SetUserBlockedByStrRoomId: setUserBlocked(ports),
  DescribeRoomInfo: describeRoomInfo(ports),
  DescribeUserInfo: describeUserInfo(ports),
  DescribePublishCdnStream: describePublishCdnStream(ports),
  DescribePublishCdnStreams: describePublishCdnStreams(ports),
  ValidatePublishCdnStream: validatePublishCdnStream(ports),
  PreviewPublishCdnStream: previewPublishCdnStream(ports),
  SnapshotPublishCdnStream: snapshotPublishCdnStream(ports),
  PausePublishCdnStream: pausePublishCdnStream(ports, true),
  ResumePublishCdnStream: pausePublishCdnStream(ports, false),
})
