// McuPublishCdnParam and McuFeedBackRoomParams: where the mix goes.
import type { z } from 'zod'
import { array, choice, object, text, userId } from './values.ts'

const publishCdnParam = object({
  PublishCdnUrl: text().max(4096, 'must have at most 4096 characters'),
  IsTencentCdn: choice(0, 1).optional(),
})

const feedBackRoomParam = object({
  RoomId: text(),
  RoomIdType: choice(0, 1),
  UserId: userId(),
  UserSig: text(),
})

export const publishCdnParams = array(publishCdnParam, 10)
export const feedBackRoomParams = array(feedBackRoomParam, 10)

export type PublishCdnParam = z.output<typeof publishCdnParam>
export type FeedBackRoomParam = z.output<typeof feedBackRoomParam>
