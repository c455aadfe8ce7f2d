// DescribeRoomInfo: which rooms there were.
import type { z } from 'zod'
import { withFieldCodes } from '../field-codes.ts'
import { historyCodes, page, span } from '../types/history-query.ts'
import { object, sdkAppId, text } from '../types/values.ts'

/** Spec section 16. `RoomId` means number and string rooms alike. */
export const describeRoomInfo = withFieldCodes(
  object({ SdkAppId: sdkAppId(), ...span(), RoomId: text().optional(), ...page() }),
  historyCodes,
)

export type DescribeRoomInfo = z.output<typeof describeRoomInfo>

/** Times are Unix seconds. */
export interface RoomState {
  readonly CommId: string
  readonly RoomString: string
  readonly CreateTime: number
  /** Now, while the room is there. */
  readonly DestroyTime: number
  readonly IsFinished: boolean
  /** Who was first. */
  readonly UserId: string
}
