// Rooms and users as the wire names them, into ours.
import type { RoomRef, UserRef } from '../../mix/room.ts'
import { invalidParameter } from '../parameter-error.ts'
import { stringRoomName } from '../types/room-id.ts'
import type { MixUserInfo } from '../types/user-info.ts'

/** Per `RoomIdType` (spec section 2). */
const roomKinds = {
  0: {
    kind: 'number',
    holds: (name: string) => /^[1-9]\d{0,9}$/.test(name) && Number(name) <= 4294967294,
    rule: 'must be the decimal text of 1 to 4294967294 when RoomIdType is 0',
  },
  1: {
    kind: 'string',
    holds: (name: string) => stringRoomName.test(name),
    rule: 'must be 1 to 64 letters, digits, spaces or characters of !#$%&()+-:;<=.>?@[]^_{}|~, when RoomIdType is 1',
  },
} as const

/**
 * @param path of the `RoomId`
 * @throws {TrtcError} `InvalidParameter` when name and kind do not agree
 */
export function toRoom(appId: number, name: string, roomIdType: 0 | 1, path: string): RoomRef {
  const { kind, holds, rule } = roomKinds[roomIdType]
  if (!holds(name)) throw invalidParameter(path, name, rule)
  return { appId, kind, name }
}

/**
 * A user, whose room and kind of room default to the main room's.
 * @param path of the `MixUserInfo`
 * @throws {TrtcError} `InvalidParameter` when the room's name and kind do not agree
 */
export function toUser(info: MixUserInfo, main: RoomRef, path: string): UserRef {
  const roomIdType = info.RoomIdType ?? (main.kind === 'number' ? 0 : 1)
  return { room: toRoom(main.appId, info.RoomId ?? main.name, roomIdType, `${path}.RoomId`), userId: info.UserId }
}
