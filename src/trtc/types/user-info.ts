// MixUserInfo and UserMediaStream: whose sound or picture is meant.
import type { z } from 'zod'
import { choice, object, text, userId } from './values.ts'

/** Room and its kind default to the main room's. */
export const mixUserInfo = object({
  UserId: userId(),
  RoomId: text().optional(),
  RoomIdType: choice(0, 1).optional(),
})

/** `StreamType` 0 is the camera, 1 the screen. */
export const userMediaStream = object({
  UserInfo: mixUserInfo,
  StreamType: choice(0, 1).optional(),
})

/** The shape of MaxVideoUser and of SingleSubscribeParams. */
export const oneStream = object({ UserMediaStream: userMediaStream })

export type MixUserInfo = z.output<typeof mixUserInfo>
export type UserMediaStream = z.output<typeof userMediaStream>
