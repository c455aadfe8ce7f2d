// Reading rooms, users and sources out of request paths (spec section 2 for the identifiers).
import type { PictureSource, RoomRef } from '../../mix/room.ts'
import { RtcProblem } from './rtc-problem.ts'

/** The path's room, behind `/apps/:appId/:rooms/:room`. @throws {RtcProblem} 404 naming the rule */
export function roomOfPath({ appId, rooms, room }: { appId: string; rooms: string; room: string }): RoomRef {
  if (!/^\d{1,10}$/.test(appId)) throw new RtcProblem(404, `SdkAppId must be a number of at most 10 digits (got ${quote(appId)}).`)
  if (rooms === 'rooms') {
    const number = Number(room)
    if (!/^\d+$/.test(room) || number < 1 || number > 4_294_967_294)
      throw new RtcProblem(404, `RoomId must be 1 to 4294967294 (got ${quote(room)}); string rooms are under str-rooms.`)
    return { appId: Number(appId), kind: 'number', name: String(number) }
  }
  if (!/^[A-Za-z0-9 !#$%&()+\-:;<=.>?@[\]^_{}|~,]{1,64}$/.test(room))
    throw new RtcProblem(404, `String RoomId must be 1 to 64 letters, digits, spaces and !#$%&()+-:;<=.>?@[]^_{}|~, (got ${quote(room)}).`)
  return { appId: Number(appId), kind: 'string', name: room }
}

/** @throws {RtcProblem} 404 naming the rule */
export function userIdOfPath(userId: string): string {
  if (!/^[A-Za-z0-9_-]{1,32}$/.test(userId))
    throw new RtcProblem(404, `UserId must be 1 to 32 letters, digits, _ and - (got ${quote(userId)}).`)
  return userId
}

/** `…/whip/screen` is the screen, `…/whip` the camera. */
export const sourceOfPath = (path: string): PictureSource => (/\/(?:whip|whep)\/screen(?:\/|$)/.test(path) ? 'screen' : 'camera')

const quote = (text: string): string => JSON.stringify(text.slice(0, 80))
