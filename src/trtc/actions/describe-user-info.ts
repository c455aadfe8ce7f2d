// DescribeUserInfo: who was in a room.
import type { z } from 'zod'
import { withFieldCodes } from '../field-codes.ts'
import { historyCodes, page, span } from '../types/history-query.ts'
import { array, matching, object, sdkAppId, userId } from '../types/values.ts'

/** Spec section 16. */
export const describeUserInfo = withFieldCodes(
  object({
    CommId: matching(/^\d{1,10}_\d{1,20}_\d{1,12}$/, 'must be <SdkAppId>_<room>_<CreateTime> as DescribeRoomInfo names it'),
    ...span(),
    SdkAppId: sdkAppId(),
    UserIds: array(userId(), 100).optional(),
    ...page(),
  }),
  {
    ...historyCodes,
    UserIds: (value) => (Array.isArray(value) && value.length > 100 ? 'InvalidParameter.UserIdsMorethanSix' : 'InvalidParameter.UserIds'),
  },
)

export type DescribeUserInfo = z.output<typeof describeUserInfo>

/** Times are Unix seconds. */
export interface UserInformation {
  readonly RoomStr: string
  readonly UserId: string
  readonly JoinTs: number
  /** Now, while the user is there. */
  readonly LeaveTs: number
  readonly DeviceType: string
  readonly SdkVersion: string
  readonly ClientIp: string
  readonly Finished: boolean
}
