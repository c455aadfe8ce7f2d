// What rooms and an engine say to each other over the feed socket of one task.
import type { RoomRef, UserRef } from '../mix/room.ts'

export type TrackKind = 'camera' | 'screen' | 'microphone' | 'screen-audio'
export type TrackCodec = 'h264' | 'vp8' | 'opus'

/** Control messages an engine sends; each travels as JSON in one frame. */
export type EngineMessage =
  /** First message. A second task entering under the same identity removes the first robot. */
  | { readonly type: 'enter'; readonly taskId: string; readonly robot: UserRef; readonly userSig: string }
  /** From now on send this track's packets (or no longer). Nothing is sent unasked. */
  | { readonly type: 'subscribe'; readonly trackId: number }
  | { readonly type: 'unsubscribe'; readonly trackId: number }
  | { readonly type: 'key-frame'; readonly trackId: number }
  /** How large the picture is shown; rooms picks the smallest simulcast layer that is no smaller. */
  | { readonly type: 'want-size'; readonly trackId: number; readonly widthPx: number; readonly heightPx: number }

/** Control messages rooms sends; each travels as JSON in one frame. */
export type RoomsMessage =
  /** The robot is in the room; `joined` and `track-added` of everybody present follow, in order of entry. */
  | { readonly type: 'entered' }
  /** The robot may not enter, or must leave; the socket closes afterwards. */
  | { readonly type: 'removed'; readonly reason: 'bad-user-sig' | 'replaced' | 'kicked' | 'room-closed'; readonly detail: string }
  | { readonly type: 'joined'; readonly room: RoomRef; readonly userId: string; readonly at: number; readonly isRobot: boolean }
  | { readonly type: 'left'; readonly room: RoomRef; readonly userId: string }
  | {
      readonly type: 'track-added'
      /** Unique on this socket; also heads every media frame. */
      readonly trackId: number
      readonly room: RoomRef
      readonly userId: string
      readonly kind: TrackKind
      readonly codec: TrackCodec
      readonly clockRateHz: number
    }
  | { readonly type: 'track-removed'; readonly trackId: number }
  /** Sender report: the publisher's wall clock when its RTP clock showed `rtpTimestamp`. */
  | { readonly type: 'clock'; readonly trackId: number; readonly ntpMs: number; readonly rtpTimestamp: number }

/** A frame on the wire: u32 length of what follows, u8 kind, then the body. */
export const FrameKind = {
  /** UTF-8 JSON of an `EngineMessage` or `RoomsMessage`. */
  control: 0,
  /** u32 track id, then one RTP packet: header extensions removed, one continuous SSRC, sequence and timestamp line per track. */
  media: 1,
} as const
