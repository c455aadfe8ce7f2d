// Tells callers who comes and goes and what they send (relay-api 14.4). Robots are told of by their tasks' events only.
import type { TrackKind } from '../../feed/messages.ts'
import type { Timers } from '../../fleet/timers.ts'
import { roomKey, userKey, type RoomRef } from '../../mix/room.ts'
import type { RoomEvent } from '../../rooms/ipc.ts'
import { roomEvent, type EntryReason, type LeaveReason, type Medium, type RoomNews } from '../../trtc/callbacks/room-event.ts'
import type { RoomsListener } from '../rtc/rooms-process.ts'
import type { EventLog } from './event-log.ts'

/** Tracks that end with their participant's leaving are not told as stopped: that is known only after they ended. */
const HOLD_MS = 200

const mediumOf: Record<TrackKind, Medium> = { camera: 'camera', microphone: 'sound', screen: 'screen', 'screen-audio': 'sound' }

export interface RoomReporterOptions {
  readonly events: Pick<EventLog, 'record'>
  readonly timers: Timers
}

interface Person {
  readonly room: RoomRef
  readonly userId: string
  readonly tracks: Set<TrackKind>
  /** Ends of tracks that may turn out to be a leaving. */
  held: { readonly medium: Medium; readonly at: number }[]
  cancelHold: (() => void) | null
  /** Unix ms of the last event; of two, the second always has a later one. */
  lastAt: number
}

export class RoomReporter implements RoomsListener {
  readonly #options: RoomReporterOptions
  readonly #people = new Map<string, Person>()

  constructor(options: RoomReporterOptions) {
    this.#options = options
  }

  event(event: RoomEvent): void {
    if (event.isRobot) return
    if (event.type === 'joined') return this.#joined(event)
    const person = this.#people.get(userKey(event))
    if (person === undefined) return
    if (event.type === 'left') this.#left(person, event)
    else if (event.track !== undefined) this.#track(person, event.type === 'track-added', event.track, event.at)
  }

  /** The rooms died with everybody in them; who comes back enters again. */
  down(): void {
    const at = this.#options.timers.now()
    const remaining = new Map<string, number>()
    for (const { room } of this.#people.values()) remaining.set(roomKey(room), (remaining.get(roomKey(room)) ?? 0) + 1)
    for (const person of [...this.#people.values()]) {
      const others = (remaining.get(roomKey(person.room)) ?? 1) - 1
      remaining.set(roomKey(person.room), others)
      this.#left(person, { at, reason: 'timeout', ...(others === 0 ? { closesRoom: 'empty' } : {}) })
    }
  }

  /** Tells what it held back. */
  close(): void {
    for (const person of this.#people.values()) this.#release(person)
  }

  #joined({ room, userId, at, reason, opensRoom }: RoomEvent): void {
    const person: Person = { room, userId, tracks: new Set(), held: [], cancelHold: null, lastAt: 0 }
    this.#people.set(userKey(person), person)
    if (opensRoom === true) this.#tell(person, { type: 'room-created', room, userId, at })
    this.#tell(person, {
      type: 'entered',
      room,
      userId,
      at,
      reason: reason === 'timeout-retry' ? reason : ('voluntary' satisfies EntryReason),
    })
  }

  #left(person: Person, { at, reason, closesRoom }: Pick<RoomEvent, 'at' | 'reason' | 'closesRoom'>): void {
    const { room, userId } = person
    person.cancelHold?.()
    this.#people.delete(userKey(person))
    const why: LeaveReason = reason === 'timeout' || reason === 'removed' ? reason : 'voluntary'
    this.#tell(person, { type: 'left', room, userId, at, reason: why })
    if (closesRoom !== undefined) this.#tell(person, { type: 'room-dismissed', room, at })
  }

  #track(person: Person, isAdded: boolean, kind: TrackKind, at: number): void {
    const { room, userId, tracks } = person
    const medium = mediumOf[kind]
    const sends = (): boolean => [...tracks].some((other) => mediumOf[other] === medium)
    const before = sends()
    if (isAdded) tracks.add(kind)
    else tracks.delete(kind)
    if (sends() === before) return
    if (isAdded) {
      this.#release(person)
      this.#tell(person, { type: 'started', room, userId, medium, at })
      return
    }
    person.held.push({ medium, at })
    person.cancelHold ??= this.#options.timers.after(HOLD_MS, () => this.#release(person))
  }

  /** It was no leaving. */
  #release(person: Person): void {
    const { room, userId, held } = person
    person.cancelHold?.()
    person.cancelHold = null
    person.held = []
    for (const { medium, at } of held) this.#tell(person, { type: 'stopped', room, userId, medium, at })
  }

  #tell(person: Person, news: RoomNews): void {
    person.lastAt = Math.max(news.at, person.lastAt + 1)
    const about = { appId: person.room.appId, family: 'rooms', subject: userKey(person), taskId: null } as const
    this.#options.events.record(roomEvent({ ...news, at: person.lastAt }), about)
  }
}
