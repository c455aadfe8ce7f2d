// A room as callbacks name it: a number where the clients' room is one, a text otherwise.
import type { RoomRef } from '../../mix/room.ts'

export const wireRoomId = ({ kind, name }: RoomRef): number | string => (kind === 'number' ? Number(name) : name)

/** 0 number, 1 text. */
export const wireRoomType = ({ kind }: RoomRef): 0 | 1 => (kind === 'number' ? 0 : 1)
