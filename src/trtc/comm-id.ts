// CommId: one life of a room.
import { createHash } from 'node:crypto'
import type { RoomRef } from '../mix/room.ts'

/**
 * `<SdkAppId>_<room>_<CreateTime>` (spec section 16). A string room is named by a number made of its text, above those
 * of number rooms and exact in JSON.
 */
export const commId = ({ appId, kind, name }: RoomRef, createdAtSec: number): string =>
  `${appId}_${kind === 'number' ? name : numberOf(name)}_${createdAtSec}`

const numberOf = (name: string): number => 2 ** 32 + createHash('sha256').update(name).digest().readUIntBE(0, 6)
