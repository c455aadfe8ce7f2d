// RemoveUser and RemoveUserByStrRoomId: users must leave a room.
import type { z } from 'zod'
import { withFieldCodes } from '../field-codes.ts'
import { numberRoomId, roomCodes, stringRoomId } from '../types/room-id.ts'
import { array, object, sdkAppId, userId } from '../types/values.ts'

const userIds = () => array(userId(), 10).min(1, 'must have 1 to 10 items')
const codes = { ...roomCodes, UserIds: 'InvalidParameter.UserIds' } as const

/** Spec section 16. */
export const removeUser = withFieldCodes(object({ SdkAppId: sdkAppId(), RoomId: numberRoomId(), UserIds: userIds() }), codes)

export const removeUserByStrRoomId = withFieldCodes(object({ SdkAppId: sdkAppId(), RoomId: stringRoomId(), UserIds: userIds() }), codes)

export type RemoveUser = z.output<typeof removeUser> | z.output<typeof removeUserByStrRoomId>
