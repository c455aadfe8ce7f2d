// The contract between the server and the rooms process, spoken by birpc over the fork channel.
// The server has verified who a caller is before it calls; rooms trusts these arguments.
import type { TrackKind } from '../feed/messages.ts'
import type { Grants } from '../mix/grants.ts'
import type { PictureSource, RoomRef, UserRef } from '../mix/room.ts'
import type { MediaKinds } from './media-kinds.ts'

/** Settings of the rooms process, given once after the fork. */
export interface RoomsSettings {
  /** The one UDP port of all WebRTC media. */
  readonly rtcPort: number
  /** Address to bind, e.g. `0.0.0.0` or `127.0.0.1`. */
  readonly bindAddress: string
  /** Addresses written into answers instead of the gathered ones (NAT 1:1); empty: as gathered. */
  readonly advertisedAddresses: readonly string[]
  /** Path of the unix socket engines connect to. */
  readonly feedAddress: string
  /** Directory of the persistent DTLS certificate and key. */
  readonly certificateDirectory: string
}

export interface SessionAnswer {
  /** Opaque; names the session in `trickle` and `close`. */
  readonly sessionId: string
  readonly answerSdp: string
}

/** Why there is no session: the offer breaks a rule, or has nothing in it that we can take or the user may do. */
export interface SessionRefusal {
  readonly refused: 'bad-offer' | 'no-common-codec' | 'not-granted'
  /** Carries value and rule. */
  readonly message: string
}

/** An ICE restart is not supported: the peer publishes again, which replaces its session. */
export type TrickleResult = 'added' | 'no-session' | 'ice-restart'

/** What the server may call. Every promise rejects when the rooms process dies. */
export interface RoomsCalls {
  start(settings: RoomsSettings): Promise<void>
  /**
   * A participant publishes camera and microphone, or a screen with its sound. An earlier session
   * of the same identity and source is replaced. Media that `grants` leave out are refused in the answer.
   */
  publish(user: UserRef, source: PictureSource, offerSdp: string, grants: Grants): Promise<SessionAnswer | SessionRefusal>
  /** Plays what `publisher` sends; waits for nothing: media flows when it comes. Viewers are audience, not participants. */
  play(publisher: UserRef, source: PictureSource, offerSdp: string, grants: Grants): Promise<SessionAnswer | SessionRefusal>
  /** Adds remote candidates of a trickle-ice-sdpfrag. */
  trickle(sessionId: string, fragment: string): Promise<TrickleResult>
  /** Ends a session; false: no such session. */
  close(sessionId: string): Promise<boolean>
  /** Ends a participant's sessions; they may come back. A robot's task ends with it. */
  removeUser(user: UserRef): Promise<'removed' | 'no-room' | 'no-user'>
  /** Ends the sessions of everybody in a room but its robots, and lifts its blocks; false: there is no such room. */
  dismissRoom(room: RoomRef): Promise<boolean>
  /**
   * Takes a participant's sound or picture out of the room, or lets it in again. It holds as long as anybody is in the
   * room, even while the participant is away; whom it does not hold for must be in the room.
   */
  setBlocked(user: UserRef, blocked: MediaKinds): Promise<'set' | 'no-room' | 'no-user'>
  /** All rooms with their participants now. */
  list(): Promise<RoomSnapshot[]>
  stats(): Promise<RoomsStats>
}

export interface RoomsEvents {
  /** The process is listening and may be called. */
  ready(): void
  roomEvent(event: RoomEvent): void
  /** A robot knocks at the feed socket; answers whether its UserSig holds, and why not. */
  authorizeRobot(robot: UserRef, userSig: string): Promise<{ ok: true } | { ok: false; reason: string }>
}

/** Why a participant came; `timeout-retry`: after this room had lost the participant. */
export type EntryReason = 'voluntary' | 'timeout-retry'

/** Why a participant is gone; `timeout`: nothing was heard of its peer, `removed`: by the API or by a later session of its name. */
export type ExitReason = 'voluntary' | 'timeout' | 'removed'

/**
 * A room lives from the entry of its first person to the exit of its last; robots neither open nor keep one. A session
 * that takes the place of an earlier one of the same participant changes tracks only: nobody leaves or joins.
 */
export interface RoomEvent {
  readonly room: RoomRef
  readonly userId: string
  /** Unix ms. */
  readonly at: number
  readonly type: 'joined' | 'left' | 'track-added' | 'track-removed'
  /** Of track events. */
  readonly track?: TrackKind
  readonly isRobot: boolean
  /** Of `joined` and `left`. */
  readonly reason?: EntryReason | ExitReason
  /** Of `left`: a robot gives way to a person of its name, or the other way round, who joins next. */
  readonly replaced?: true
  /** Of `joined`: the first person. */
  readonly opensRoom?: true
  /** Of `left`: the last person; `dismissed` when the API ended the room. */
  readonly closesRoom?: 'empty' | 'dismissed'
}

export interface RoomSnapshot {
  readonly room: RoomRef
  readonly participants: readonly ParticipantSnapshot[]
}

export interface ParticipantSnapshot {
  readonly userId: string
  readonly joinedAt: number
  readonly isRobot: boolean
  readonly tracks: readonly { kind: TrackKind; codec: string; bitRateKbps: number; packetsLost: number }[]
}

/** Counters run from the process' start. */
export interface RoomsStats {
  readonly packetsReceived: number
  readonly packetsForwarded: number
  readonly packetsToFeeds: number
  readonly nacksSent: number
  readonly nacksReceived: number
  readonly retransmitted: number
  readonly keyFrameRequests: number
  readonly packetsLost: number
  readonly publishers: number
  readonly subscribers: number
  readonly feeds: number
  readonly feedPacketsDropped: number
  readonly cpuSec: number
  readonly rssBytes: number
}
