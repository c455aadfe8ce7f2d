// RoomId of the actions that come in two kinds: by number, and by text (`…ByStrRoomId`).
import type { FieldCodes } from '../field-codes.ts'
import { integer, matching } from './values.ts'

/** Spec section 2. */
export const stringRoomName = /^[A-Za-z0-9 !#$%&()+\-:;<=.>?@[\]^_{}|~,]{1,64}$/

export const numberRoomId = () => integer(1, 4294967294)

export const stringRoomId = () =>
  matching(stringRoomName, 'must be 1 to 64 letters, digits, spaces or characters of !#$%&()+-:;<=.>?@[]^_{}|~,')

/** Spec section 1.8: these actions declare a code for each. */
export const roomCodes = {
  SdkAppId: 'InvalidParameter.SdkAppId',
  RoomId: 'InvalidParameter.RoomId',
} as const satisfies FieldCodes
