// Groups 1 and 2: rooms, who comes and goes, what they send (relay-api 14.4).
import type { RoomRef } from '../../mix/room.ts'
import type { CallbackEvent } from './callback-event.ts'
import { wireRoomId } from './wire-room.ts'

export type RoomNews = { readonly room: RoomRef; /** Unix ms. */ readonly at: number } & (
  | { readonly type: 'room-created'; readonly userId: string }
  | { readonly type: 'room-dismissed' }
  | { readonly type: 'entered'; readonly userId: string; readonly reason: EntryReason }
  | { readonly type: 'left'; readonly userId: string; readonly reason: LeaveReason }
  | { readonly type: 'started' | 'stopped'; readonly userId: string; readonly medium: Medium }
)

export type Medium = 'camera' | 'sound' | 'screen'

const entryReasons = { voluntary: 1, 'timeout-retry': 3 } as const
export type EntryReason = keyof typeof entryReasons

const leaveReasons = { voluntary: 1, timeout: 2, removed: 3 } as const
export type LeaveReason = keyof typeof leaveReasons

const mediaTypes: Record<Medium, { readonly started: number; readonly stopped: number }> = {
  camera: { started: 201, stopped: 202 },
  sound: { started: 203, stopped: 204 },
  screen: { started: 205, stopped: 206 },
}

/** Who publishes is an anchor; our rooms have no audience, so that roles never change (105). */
const ANCHOR = 20
/** What a WHIP client runs on is not known. */
const OTHER_TERMINAL = 100
const WEBRTC = 1

export function roomEvent(news: RoomNews): CallbackEvent {
  const common = { RoomId: wireRoomId(news.room), EventTs: Math.floor(news.at / 1000), EventMsTs: news.at }
  switch (news.type) {
    case 'room-created':
      return { group: 1, type: 101, info: { ...common, UserId: news.userId } }
    case 'room-dismissed':
      return { group: 1, type: 102, info: common }
    case 'entered': {
      const who = { UserId: news.userId, Role: ANCHOR, TerminalType: OTHER_TERMINAL, UserType: WEBRTC }
      return { group: 1, type: 103, info: { ...common, ...who, Reason: entryReasons[news.reason] } }
    }
    case 'left':
      return { group: 1, type: 104, info: { ...common, UserId: news.userId, Role: ANCHOR, Reason: leaveReasons[news.reason] } }
    case 'started':
      return { group: 2, type: mediaTypes[news.medium].started, info: { ...common, UserId: news.userId } }
    default:
      return { group: 2, type: mediaTypes[news.medium].stopped, info: { ...common, UserId: news.userId, Reason: 0 } }
  }
}
