// All rooms and sessions of the process: what the server may call, and what the feed server needs.
import { randomBytes } from 'node:crypto'
import type { Grants } from '../mix/grants.ts'
import { roomKey, streamKey, type PictureSource, type RoomRef, type UserRef } from '../mix/room.ts'
import { newCounters, type Counters } from './counters.ts'
import type { RoomEvent, RoomSnapshot, SessionAnswer, SessionRefusal, TrickleResult } from './ipc.ts'
import { receivable, sendable, type MediaKinds } from './media-kinds.ts'
import { Publisher } from './publisher.ts'
import { Room, type RoomListener } from './room.ts'
import { parseIceFragment } from './sdp/ice-fragment.ts'
import { SessionRefused } from './session-refused.ts'
import { Subscriber } from './subscriber.ts'
import type { Track } from './track.ts'
import type { TransportFactory } from './transport.ts'

export interface RoomsOptions {
  readonly createTransport: TransportFactory
  readonly announce: (event: RoomEvent) => void
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number
  readonly unixMs: () => number
}

const videoKinds = { camera: ['camera', 'microphone'], screen: ['screen', 'screen-audio'] } as const

export class Rooms {
  readonly counters = newCounters()
  readonly #options: RoomsOptions
  readonly #rooms = new Map<string, Room>()
  readonly #sessions = new Map<string, Publisher | Subscriber>()
  /** Session id of each publisher's picture. */
  readonly #publishers = new Map<string, string>()

  constructor(options: RoomsOptions) {
    this.#options = options
  }

  get publisherCount(): number {
    return this.#publishers.size
  }

  get subscriberCount(): number {
    return [...this.#sessions.values()].filter((session) => session instanceof Subscriber).length
  }

  /** The room, made when it is not there. Those who took it call `released` when they leave it. */
  room(ref: RoomRef): Room {
    const key = roomKey(ref)
    const room = this.#rooms.get(key) ?? new Room(ref, this.#options.announce, this.#options.unixMs)
    this.#rooms.set(key, room)
    return room
  }

  /** Forgets a room that nobody is in. */
  released(room: Room): void {
    if (room.isEmpty) this.#rooms.delete(roomKey(room.ref))
  }

  publish(user: UserRef, source: PictureSource, offerSdp: string, grants: Grants): Promise<SessionAnswer | SessionRefusal> {
    return refusalAsAnswer(async () => {
      if (!grants.openRoom && (this.#rooms.get(roomKey(user.room))?.personCount ?? 0) === 0)
        throw new SessionRefused('not-granted', 'The user may not open the room, and nobody is in it.')
      const sessionId = newSessionId()
      const key = streamKey({ ...user, source })
      const occupant = { replaced: () => session.close('removed'), removed: () => session.close('removed') }
      const { session, answerSdp } = await Publisher.open(
        {
          ...this.#shared(),
          user,
          source,
          granted: sendable(grants, source),
          trackAdded: (track) => this.room(user.room).addTrack(track),
          trackRemoved: (track) => this.room(user.room).removeTrack(track),
          closed: (reason) => {
            this.#sessions.delete(sessionId)
            if (this.#publishers.get(key) === sessionId) this.#publishers.delete(key)
            const room = this.room(user.room)
            room.leave(user.userId, occupant, reason)
            this.released(room)
          },
        },
        offerSdp,
      )
      // A peer may be gone before its answer is written; its client will see no connection.
      if (session.isClosed) return { sessionId, answerSdp }
      this.#sessions.set(sessionId, session)
      const earlierId = this.#publishers.get(key)
      this.#publishers.set(key, sessionId)
      this.room(user.room).enter(user.userId, occupant, false)
      if (earlierId !== undefined) this.close(earlierId)
      return { sessionId, answerSdp }
    })
  }

  play(publisher: UserRef, source: PictureSource, offerSdp: string, grants: Grants): Promise<SessionAnswer | SessionRefusal> {
    return refusalAsAnswer(async () => {
      const sessionId = newSessionId()
      const wants = (track: Track): boolean =>
        track.user.userId === publisher.userId && videoKinds[source].some((kind) => kind === track.kind)
      const listener: RoomListener = {
        joined: () => {},
        left: () => {},
        trackAdded: (track) => {
          if (wants(track)) session.play(track)
        },
        trackRemoved: (track) => session.drop(track),
      }
      const closed = (): void => {
        this.#sessions.delete(sessionId)
        const room = this.room(publisher.room)
        room.unlisten(listener)
        this.released(room)
      }
      const { session, answerSdp } = await Subscriber.open({ ...this.#shared(), granted: receivable(grants, source), closed }, offerSdp)
      if (session.isClosed) return { sessionId, answerSdp }
      this.#sessions.set(sessionId, session)
      const room = this.room(publisher.room)
      room.listen(listener)
      for (const track of room.participant(publisher.userId)?.tracks ?? []) listener.trackAdded(track)
      return { sessionId, answerSdp }
    })
  }

  trickle(sessionId: string, fragment: string): TrickleResult {
    const session = this.#sessions.get(sessionId)
    if (session === undefined) return 'no-session'
    const { usernameFragment, candidates } = parseIceFragment(fragment)
    if (usernameFragment !== null && usernameFragment !== session.usernameFragment) return 'ice-restart'
    for (const candidate of candidates) session.addCandidate(candidate)
    return 'added'
  }

  close(sessionId: string): boolean {
    const session = this.#sessions.get(sessionId)
    session?.close()
    return session !== undefined
  }

  list(): RoomSnapshot[] {
    return [...this.#rooms.values()].map((room) => room.snapshot()).filter(({ participants }) => participants.length > 0)
  }

  /** Ends a participant's sessions; a robot's task ends with it. */
  removeUser({ room, userId }: UserRef): 'removed' | 'no-room' | 'no-user' {
    const found = this.#rooms.get(roomKey(room))
    if (found === undefined || found.isDeserted) return 'no-room'
    return found.remove(userId, 'The participant was removed from the room.') ? 'removed' : 'no-user'
  }

  /** Ends the sessions of everybody in a room but robots; false: there is no such room. */
  dismissRoom(room: RoomRef): boolean {
    const found = this.#rooms.get(roomKey(room))
    if (found === undefined || found.isDeserted) return false
    found.dismiss()
    return true
  }

  setBlocked({ room, userId }: UserRef, blocked: MediaKinds): 'set' | 'no-room' | 'no-user' {
    const found = this.#rooms.get(roomKey(room))
    if (found === undefined || found.isDeserted) return 'no-room'
    return found.setBlocked(userId, blocked) ? 'set' : 'no-user'
  }

  /** To be called every 10 ms. */
  tick(nowMs: number): void {
    for (const session of this.#sessions.values()) session.tick(nowMs)
  }

  #shared(): { counters: Counters; createTransport: TransportFactory; now: () => number; newSsrc: () => number } {
    return { counters: this.counters, createTransport: this.#options.createTransport, now: this.#options.now, newSsrc }
  }
}

const newSessionId = (): string => randomBytes(16).toString('base64url')

/** Never 0, which stands for "none". */
const newSsrc = (): number => randomBytes(4).readUInt32BE(0) || 1

async function refusalAsAnswer(open: () => Promise<SessionAnswer>): Promise<SessionAnswer | SessionRefusal> {
  try {
    return await open()
  } catch (error) {
    if (error instanceof SessionRefused) return { refused: error.code, message: error.message }
    throw error
  }
}
