// What the documentation says of every action besides its schema: one sentence, and what it answers.
import { z } from 'zod'
import type { ActionName } from '../actions/actions.ts'
import { describePublishCdnStreamAnswer } from '../actions/describe-publish-cdn-stream.ts'
import { describePublishCdnStreamsAnswer } from '../actions/describe-publish-cdn-streams.ts'
import { pausePublishCdnStreamAnswer } from '../actions/pause-publish-cdn-stream.ts'
import { previewPublishCdnStreamAnswer } from '../actions/preview-publish-cdn-stream.ts'
import { snapshotPublishCdnStreamAnswer } from '../actions/snapshot-publish-cdn-stream.ts'
import { validatePublishCdnStreamAnswer } from '../actions/validate-publish-cdn-stream.ts'

export interface ActionPage {
  readonly summary: string
  /** Apart from `RequestId`. */
  readonly answer: z.ZodObject
  /** An action that the vendor does not have. */
  readonly isOurs?: true
}

const task = z.object({ TaskId: z.string() })
const nothing = z.object({})
const usage = z.object({
  UsageKey: z.array(z.string()),
  UsageList: z.array(z.object({ TimeKey: z.string(), TimeStampKey: z.int(), UsageValue: z.array(z.number()) })),
})
const transcodeTime = z.object({
  Usages: z.array(
    z.object({
      SdkAppId: z.string(),
      TotalNum: z.int(),
      SdkAppIdTranscodeTimeUsages: z.array(
        z.object({
          TimeKey: z.string(),
          AudioTime: z.int(),
          VideoTimeSd: z.int(),
          VideoTimeHd: z.int(),
          VideoTimeFhd: z.int(),
          Flux: z.number(),
        }),
      ),
    }),
  ),
})
const rooms = z.object({
  Total: z.int(),
  RoomList: z.array(
    z.object({
      CommId: z.string(),
      RoomString: z.string(),
      CreateTime: z.int(),
      DestroyTime: z.int(),
      IsFinished: z.boolean(),
      UserId: z.string(),
    }),
  ),
})
const users = z.object({
  Total: z.int(),
  UserList: z.array(
    z.object({
      RoomStr: z.string(),
      UserId: z.string(),
      JoinTs: z.int(),
      LeaveTs: z.int(),
      DeviceType: z.string(),
      SdkVersion: z.string(),
      ClientIp: z.string(),
      Finished: z.boolean(),
    }),
  ),
})

/** One line an action. */
export const actionPages: Readonly<Record<ActionName, ActionPage>> = {
  StartPublishCdnStream: { summary: 'Begins a task that mixes a room and pushes the result.', answer: task },
  UpdatePublishCdnStream: { summary: 'Changes a running task; what is absent stays as it is.', answer: task },
  StopPublishCdnStream: { summary: 'Ends a task.', answer: task },
  DescribeMixTranscodingUsage: { summary: 'Minutes mixed, by tier.', answer: usage },
  DescribeRelayUsage: { summary: 'Bandwidth of pushes.', answer: usage },
  DescribeTrtcMcuTranscodeTime: { summary: 'Seconds mixed and bandwidth, in the older form.', answer: transcodeTime },
  RemoveUser: { summary: 'Users must leave a number room; they may come back.', answer: nothing },
  RemoveUserByStrRoomId: { summary: 'Users must leave a string room; they may come back.', answer: nothing },
  DismissRoom: { summary: 'Everybody must leave a number room.', answer: nothing },
  DismissRoomByStrRoomId: { summary: 'Everybody must leave a string room.', answer: nothing },
  SetUserBlocked: { summary: 'A user of a number room is no longer heard or seen, or is again.', answer: nothing },
  SetUserBlockedByStrRoomId: { summary: 'A user of a string room is no longer heard or seen, or is again.', answer: nothing },
  DescribeRoomInfo: { summary: 'Which rooms there were.', answer: rooms },
  DescribeUserInfo: { summary: 'Who was in a room.', answer: users },
  DescribePublishCdnStream: { summary: 'One task: state, inputs, outputs, errors.', answer: describePublishCdnStreamAnswer, isOurs: true },
  DescribePublishCdnStreams: {
    summary: 'Tasks of an application, or of all that the key has a right to, newest first.',
    answer: describePublishCdnStreamsAnswer,
    isOurs: true,
  },
  ValidatePublishCdnStream: {
    summary: 'What a Start or an Update would answer, without doing it.',
    answer: validatePublishCdnStreamAnswer,
    isOurs: true,
  },
  PreviewPublishCdnStream: {
    summary: 'The layout of a Start or an Update as a PNG, with names in the tiles, for the people in the room now or assumed ones.',
    answer: previewPublishCdnStreamAnswer,
    isOurs: true,
  },
  SnapshotPublishCdnStream: {
    summary: 'What the canvas of a running task shows now, as a PNG.',
    answer: snapshotPublishCdnStreamAnswer,
    isOurs: true,
  },
  PausePublishCdnStream: {
    summary: 'Disconnects all outputs of a task; its mix goes on. Holds over restarts and Updates.',
    answer: pausePublishCdnStreamAnswer,
    isOurs: true,
  },
  ResumePublishCdnStream: { summary: 'Connects the outputs of a paused task again.', answer: pausePublishCdnStreamAnswer, isOurs: true },
}
