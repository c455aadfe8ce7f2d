// Rules about where the mix goes (spec section 7, rules 2, 6, 7 and 34).
import { userKey, type RoomRef, type UserRef } from '../../mix/room.ts'
import { toRoom } from '../convert/room.ts'
import { invalidParameter } from '../parameter-error.ts'
import type { FeedBackRoomParam, PublishCdnParam } from '../types/destinations.ts'

/** @throws {TrtcError} `InvalidParameter` for an address that is no RTMP address, or stands there twice */
export function checkUrls(params: readonly PublishCdnParam[], allowRtmps: boolean): void {
  const schemes = allowRtmps ? ['rtmp:', 'rtmps:'] : ['rtmp:']
  params.forEach(({ PublishCdnUrl: url }, index) => {
    const path = `PublishCdnParams.${index}.PublishCdnUrl`
    const rule = `must be an address of the form ${schemes.join(' or ')}//host/app/stream`
    // White space and control characters would be dropped by the parser and sent by the publisher.
    if (/[\s\p{Cc}]/u.test(url) || !URL.canParse(url)) throw invalidParameter(path, url, rule)
    const { protocol, hostname, pathname } = new URL(url)
    if (!schemes.includes(protocol) || hostname === '' || pathname.length < 2) throw invalidParameter(path, url, rule)
    const first = params.findIndex((other) => other.PublishCdnUrl === url)
    if (first !== index) throw invalidParameter(path, url, `must not repeat PublishCdnParams.${first}.PublishCdnUrl`)
  })
}

/** @throws {TrtcError} `InvalidParameter` for two publishers of one name in one room, the task's robot among them */
export function checkFeedBackRooms(params: readonly FeedBackRoomParam[], main: RoomRef, robotUserId: string): void {
  const robot: UserRef = { room: main, userId: robotUserId }
  const taken = new Map([[userKey(robot), 'AgentParams.UserId']])
  params.forEach(({ RoomId, RoomIdType, UserId }, index) => {
    const path = `FeedBackRoomParams.${index}`
    const key = userKey({ room: toRoom(main.appId, RoomId, RoomIdType, `${path}.RoomId`), userId: UserId })
    const holder = taken.get(key)
    if (holder !== undefined) throw invalidParameter(`${path}.UserId`, UserId, `must differ from ${holder} in the same room`)
    taken.set(key, `${path}.UserId`)
  })
}
