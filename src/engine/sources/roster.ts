// Who is in the room and which tracks they send, as the feed tells it. Pure.
import type { RoomsMessage } from '../../feed/messages.ts'
import type { Participant } from '../../mix/participants.ts'
import { userKey, type UserRef } from '../../mix/room.ts'

export type Track = Extract<RoomsMessage, { type: 'track-added' }> & {
  /** Newest sender report; null before the first. */
  clock: { readonly ntpMs: number; readonly rtpTimestamp: number } | null
}

interface Present extends UserRef {
  readonly isRobot: boolean
  readonly tracks: Map<number, Track>
}

export class Roster {
  /** In order of room entry. */
  readonly #present = new Map<string, Present>()
  readonly #tracks = new Map<number, Track>()

  /**
   * Takes a message of the feed.
   * @returns whether participants or their tracks changed
   */
  apply(message: RoomsMessage): boolean {
    switch (message.type) {
      case 'entered':
        return this.clear()
      case 'joined':
        if (this.#present.has(userKey(message))) return false
        this.#present.set(userKey(message), { room: message.room, userId: message.userId, isRobot: message.isRobot, tracks: new Map() })
        return !message.isRobot
      case 'left':
        return this.#left(userKey(message))
      case 'track-added':
        return this.#added(message)
      case 'track-removed':
        return this.#removed(message.trackId)
      case 'clock':
        return this.#clocked(message)
      case 'removed':
        return this.clear()
      default:
        // Of a newer rooms process.
        return false
    }
  }

  /** Forgets everybody; whether anybody was there. */
  clear(): boolean {
    const wasEmpty = this.#present.size === 0
    this.#present.clear()
    this.#tracks.clear()
    return !wasEmpty
  }

  /** Everybody but robots, in order of room entry. */
  participants(): Participant[] {
    return [...this.#present.values()]
      .filter(({ isRobot }) => !isRobot)
      .map(({ room, userId, tracks }) => {
        const kinds = new Set([...tracks.values()].map(({ kind }) => kind))
        const sendsAudio = kinds.has('microphone') || kinds.has('screen-audio')
        return { room, userId, sendsCamera: kinds.has('camera'), sendsScreen: kinds.has('screen'), sendsAudio }
      })
  }

  /** Everybody's tracks, of the newest of each kind. */
  tracks(): Track[] {
    const newest = new Map<string, Track>()
    for (const track of this.#tracks.values()) newest.set(`${userKey(track)}/${track.kind}`, track)
    return [...newest.values()]
  }

  #left(key: string): boolean {
    const present = this.#present.get(key)
    if (present === undefined) return false
    for (const trackId of present.tracks.keys()) this.#tracks.delete(trackId)
    this.#present.delete(key)
    return !present.isRobot
  }

  #clocked({ trackId, ntpMs, rtpTimestamp }: Extract<RoomsMessage, { type: 'clock' }>): boolean {
    const track = this.#tracks.get(trackId)
    if (track !== undefined) track.clock = { ntpMs, rtpTimestamp }
    return false
  }

  #added(added: Extract<RoomsMessage, { type: 'track-added' }>): boolean {
    const present = this.#present.get(userKey(added))
    if (present === undefined || present.isRobot) return false
    const track = { ...added, clock: null }
    present.tracks.set(track.trackId, track)
    this.#tracks.set(track.trackId, track)
    return true
  }

  #removed(trackId: number): boolean {
    const track = this.#tracks.get(trackId)
    if (track === undefined) return false
    this.#tracks.delete(trackId)
    this.#present.get(userKey(track))?.tracks.delete(trackId)
    return true
  }
}
