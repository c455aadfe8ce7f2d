// One room: who is in it, in order of entry, what they send, and who wants to know.
import type { RoomRef } from '../mix/room.ts'
import type { EntryReason, ExitReason, RoomEvent, RoomSnapshot } from './ipc.ts'
import { mediaKind, type MediaKinds } from './media-kinds.ts'
import type { Track } from './track.ts'

/** A session that keeps a participant in the room. */
export interface Occupant {
  /** A later session of the same identity takes the place of this one, which must leave. */
  replaced(): void
  /** The participant was removed: this session must leave. */
  removed(detail: string): void
}

export interface Participant {
  readonly userId: string
  /** Unix ms. */
  readonly joinedAt: number
  readonly isRobot: boolean
  readonly tracks: ReadonlySet<Track>
}

/** Hears of everything in one room, in order. */
export interface RoomListener {
  joined(participant: Participant): void
  left(participant: Participant): void
  trackAdded(track: Track): void
  trackRemoved(track: Track): void
}

type LeavingDetail = Pick<RoomEvent, 'replaced' | 'closesRoom'>

/** Of so many participants lost, the room remembers that they were. */
const MAX_LOST = 1_000

interface MutableParticipant extends Participant {
  /** What blocks keep out of the room. */
  readonly withheld: Set<Track>
  readonly tracks: Set<Track>
  readonly occupants: Set<Occupant>
}

export class Room {
  readonly ref: RoomRef
  readonly #participants = new Map<string, MutableParticipant>()
  readonly #listeners = new Set<RoomListener>()
  readonly #lost = new Set<string>()
  /** By user, also of those who are away. */
  readonly #blocks = new Map<string, MediaKinds>()
  readonly #announce: (event: RoomEvent) => void
  readonly #unixMs: () => number
  /** Who gives way at this moment. */
  #replaced: Participant | null = null
  #isDismissed = false

  /** @param announce gets every event, for those outside this process */
  constructor(ref: RoomRef, announce: (event: RoomEvent) => void, unixMs: () => number) {
    this.ref = ref
    this.#announce = announce
    this.#unixMs = unixMs
  }

  /** In order of entry. */
  get participants(): Iterable<Participant> {
    return this.#participants.values()
  }

  get isEmpty(): boolean {
    return this.#participants.size === 0 && this.#listeners.size === 0
  }

  get personCount(): number {
    return [...this.#participants.values()].filter(({ isRobot }) => !isRobot).length
  }

  /** Viewers may be left, but no participant. */
  get isDeserted(): boolean {
    return this.#participants.size === 0
  }

  participant(userId: string): Participant | undefined {
    return this.#participants.get(userId)
  }

  listen(listener: RoomListener): void {
    this.#listeners.add(listener)
  }

  unlisten(listener: RoomListener): void {
    this.#listeners.delete(listener)
  }

  /** A session begins. The first one of an identity makes the participant. A robot and a person never share an identity: the later one stays. */
  enter(userId: string, occupant: Occupant, isRobot: boolean): void {
    const present = this.#participants.get(userId)
    if (present !== undefined && present.isRobot !== isRobot) {
      this.#replaced = present
      for (const other of [...present.occupants]) other.replaced()
      this.#replaced = null
    }
    const participant = this.#participants.get(userId)
    if (participant !== undefined) {
      participant.occupants.add(occupant)
      return
    }
    const joined = {
      userId,
      joinedAt: this.#unixMs(),
      isRobot,
      tracks: new Set<Track>(),
      withheld: new Set<Track>(),
      occupants: new Set([occupant]),
    }
    const opensRoom = !isRobot && this.personCount === 0
    this.#participants.set(userId, joined)
    for (const listener of this.#listeners) listener.joined(joined)
    const reason: EntryReason = this.#lost.delete(userId) ? 'timeout-retry' : 'voluntary'
    this.#tell('joined', joined, { reason, ...(opensRoom ? { opensRoom } : {}) })
  }

  /** A session ended. The last one of an identity ends the participant. */
  leave(userId: string, occupant: Occupant, reason: ExitReason): void {
    const participant = this.#participants.get(userId)
    if (participant === undefined || !participant.occupants.delete(occupant) || participant.occupants.size > 0) return
    this.#participants.delete(userId)
    for (const listener of this.#listeners) listener.left(participant)
    if (reason === 'timeout' && this.#lost.size < MAX_LOST) this.#lost.add(userId)
    const replaced: LeavingDetail = this.#replaced === participant ? { replaced: true } : {}
    const isLast = !participant.isRobot && this.personCount === 0
    const closes: LeavingDetail = isLast ? { closesRoom: this.#isDismissed ? 'dismissed' : 'empty' } : {}
    this.#tell('left', participant, { reason, ...replaced, ...closes })
  }

  /** Ends all sessions of a participant; false: there is none such. */
  remove(userId: string, detail: string): boolean {
    const participant = this.#participants.get(userId)
    for (const occupant of [...(participant?.occupants ?? [])]) occupant.removed(detail)
    return participant !== undefined
  }

  /** Ends the sessions of all persons. Robots stay: with nobody taking part, their tasks are idle. */
  dismiss(): void {
    this.#isDismissed = true
    for (const { userId, isRobot } of [...this.#participants.values()]) if (!isRobot) this.remove(userId, 'The room was dismissed.')
    this.#isDismissed = false
    this.#lost.clear()
    this.#blocks.clear()
  }

  addTrack(track: Track): void {
    const participant = this.#participants.get(track.user.userId)
    if (participant === undefined) return
    if (this.#isBlocked(track)) participant.withheld.add(track)
    else this.#admit(participant, track)
  }

  removeTrack(track: Track): void {
    const participant = this.#participants.get(track.user.userId)
    if (participant === undefined || participant.withheld.delete(track)) return
    this.#dropOut(participant, track)
  }

  /** Whoever receives a blocked track loses it; false: the user is not here and has no block. */
  setBlocked(userId: string, blocked: MediaKinds): boolean {
    const participant = this.#participants.get(userId)
    if (participant === undefined && !this.#blocks.has(userId)) return false
    if (blocked.audio || blocked.video) this.#blocks.set(userId, blocked)
    else this.#blocks.delete(userId)
    if (participant === undefined) return true
    const { tracks, withheld } = participant
    for (const track of [...tracks].filter((one) => this.#isBlocked(one))) {
      this.#dropOut(participant, track)
      withheld.add(track)
    }
    for (const track of [...withheld].filter((one) => !this.#isBlocked(one))) {
      withheld.delete(track)
      this.#admit(participant, track)
    }
    return true
  }

  snapshot(): RoomSnapshot {
    const participants = [...this.#participants.values()].map(({ userId, joinedAt, isRobot, tracks }) => ({
      userId,
      joinedAt,
      isRobot,
      tracks: [...tracks].map(({ kind, codec, bitRateKbps, packetsLost }) => ({
        kind,
        codec,
        bitRateKbps: Math.round(bitRateKbps),
        packetsLost,
      })),
    }))
    return { room: this.ref, participants }
  }

  #isBlocked({ user, kind }: Track): boolean {
    return this.#blocks.get(user.userId)?.[mediaKind(kind)] ?? false
  }

  #admit(participant: MutableParticipant, track: Track): void {
    participant.tracks.add(track)
    for (const listener of this.#listeners) listener.trackAdded(track)
    this.#tell('track-added', participant, { track: track.kind })
  }

  #dropOut(participant: MutableParticipant, track: Track): void {
    if (!participant.tracks.delete(track)) return
    for (const listener of this.#listeners) listener.trackRemoved(track)
    this.#tell('track-removed', participant, { track: track.kind })
  }

  #tell(type: RoomEvent['type'], { userId, isRobot }: Participant, detail: Partial<RoomEvent>): void {
    this.#announce({ room: this.ref, userId, at: this.#unixMs(), type, isRobot, ...detail })
  }
}
