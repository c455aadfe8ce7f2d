// SetUserBlocked and SetUserBlockedByStrRoomId: a user is no longer heard or seen, or is again.
import type { z } from 'zod'
import { withFieldCodes } from '../field-codes.ts'
import { numberRoomId, roomCodes, stringRoomId } from '../types/room-id.ts'
import { choice, object, sdkAppId, userId } from '../types/values.ts'

/** 0 neither, 1 both, 2 sound, 3 picture. */
const isMute = () => choice(0, 1, 2, 3)
const codes = { ...roomCodes, UserId: 'InvalidParameter.UserId' } as const

/** Spec section 16. */
export const setUserBlocked = withFieldCodes(
  object({ SdkAppId: sdkAppId(), RoomId: numberRoomId(), UserId: userId(), IsMute: isMute() }),
  codes,
)

export const setUserBlockedByStrRoomId = withFieldCodes(
  object({ SdkAppId: sdkAppId(), RoomId: stringRoomId(), UserId: userId(), IsMute: isMute() }),
  codes,
)

export type SetUserBlocked = z.output<typeof setUserBlocked> | z.output<typeof setUserBlockedByStrRoomId>
