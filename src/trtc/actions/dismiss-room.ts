// DismissRoom and DismissRoomByStrRoomId: everybody must leave a room.
import type { z } from 'zod'
import { withFieldCodes } from '../field-codes.ts'
import { numberRoomId, roomCodes, stringRoomId } from '../types/room-id.ts'
import { object, sdkAppId } from '../types/values.ts'

/** Spec section 16. */
export const dismissRoom = withFieldCodes(object({ SdkAppId: sdkAppId(), RoomId: numberRoomId() }), roomCodes)

export const dismissRoomByStrRoomId = withFieldCodes(object({ SdkAppId: sdkAppId(), RoomId: stringRoomId() }), roomCodes)

export type DismissRoom = z.output<typeof dismissRoom> | z.output<typeof dismissRoomByStrRoomId>
