// Group 4, type 401: what becomes of one push (relay-api 14.2).
import type { RoomRef } from '../../mix/room.ts'
import type { CallbackEvent } from './callback-event.ts'
import { wireRoomId, wireRoomType } from './wire-room.ts'

/** In the wire's numbers, `PUBLISH_CDN_STREAM_STATE_…`. */
const statusNumbers = { idle: 0, connecting: 1, running: 2, recovering: 3, failed: 4, disconnecting: 5 } as const

export type RelayStatus = keyof typeof statusNumbers

/** `ErrorCode` (ours, the vendor documents none): which step failed. */
const errorCodes: Partial<Record<RelayStatus, number>> = { connecting: 1, recovering: 2, failed: 3 }

export interface RelayNews {
  readonly room: RoomRef
  /** The task's robot. */
  readonly userId: string
  readonly taskId: string
  readonly url: string
  readonly status: RelayStatus
  /** Unix ms. */
  readonly at: number
  /** A sentence without secrets; said with the statuses that are trouble. */
  readonly error: string | null
}

export function relayEvent({ room, userId, taskId, url, status, at, error }: RelayNews): CallbackEvent {
  const code = errorCodes[status]
  return {
    group: 4,
    type: 401,
    info: {
      RoomId: wireRoomId(room),
      RoomType: wireRoomType(room),
      EventTsMs: at,
      EventMsTs: at,
      UserId: userId,
      TaskId: taskId,
      Payload: {
        Url: url,
        Status: statusNumbers[status],
        ...(error === null || code === undefined ? {} : { ErrorCode: code, ErrorMsg: error }),
      },
    },
  }
}
