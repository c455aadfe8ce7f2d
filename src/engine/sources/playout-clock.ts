// When what one participant sent is played out: the tracks of one sender, aligned with each other. Pure: time is passed in.
import { DelayEstimate } from './delay-estimate.ts'
import { PlayoutTrack, type PlayoutTrackOptions } from './playout-track.ts'

const START_DELAY_MS = 120
const MIN_DELAY_MS = 60
const MAX_DELAY_MS = 500
/** Sound follows the delay by playing slower or faster, which must not be heard as a wrong pitch. */
const GROW_MS_PER_SEC = 10
const SHRINK_MS_PER_SEC = 2
/** A participant without sound can take the delay it needs at once. */
const GROW_SILENT_MS_PER_SEC = 1000
/** Tracks whose sender reports lie further apart do not share a clock; each then goes by its own arrivals. */
const MAX_SKEW_MS = 1000

/**
 * Play-out time = sender's time + the quickest way here + a delay common to all tracks. The delay
 * grows to what late packets need, up to 500 ms, and shrinks slowly; it never jumps while sound plays.
 */
export class PlayoutClock {
  readonly #tracks = new Set<PlayoutTrack>()
  #delayMs = START_DELAY_MS
  #advancedAtMs: number | null = null

  /** The delay in force, milliseconds. */
  get delayMs(): number {
    return this.#delayMs
  }

  /** The delay that late packets ask for. */
  get wantedDelayMs(): number {
    if (this.#tracks.size === 0) return START_DELAY_MS
    let wanted = MIN_DELAY_MS
    for (const { estimate, options } of this.#tracks) wanted = Math.max(wanted, estimate.ms + options.marginMs)
    return Math.min(MAX_DELAY_MS, wanted)
  }

  addTrack(options: PlayoutTrackOptions): PlayoutTrack {
    const track = new PlayoutTrack(this, options, new DelayEstimate(START_DELAY_MS - options.marginMs - 1))
    this.#tracks.add(track)
    return track
  }

  removeTrack(track: PlayoutTrack): void {
    this.#tracks.delete(track)
  }

  /** Moves the delay towards the wanted one; to be called at least several times a second. */
  advance(nowMs: number): void {
    const elapsedSec = Math.max(0, nowMs - (this.#advancedAtMs ?? nowMs)) / 1000
    this.#advancedAtMs = Math.max(nowMs, this.#advancedAtMs ?? nowMs)
    const hasSound = [...this.#tracks].some(({ options }) => options.kind === 'audio')
    const growth = (hasSound ? GROW_MS_PER_SEC : GROW_SILENT_MS_PER_SEC) * elapsedSec
    this.#delayMs += Math.min(growth, Math.max(-SHRINK_MS_PER_SEC * elapsedSec, this.wantedDelayMs - this.#delayMs))
  }

  /** Sound was interrupted anyway: take the wanted delay now if it is longer. */
  catchUp(): void {
    this.#delayMs = Math.max(this.#delayMs, this.wantedDelayMs)
  }

  /** Milliseconds from the sender's common clock to ours on the quickest track; null: no such clock to be trusted. */
  get commonOffsetMs(): number | null {
    let least = Infinity
    let most = -Infinity
    for (const track of this.#tracks) {
      const offset = track.senderOffsetMs
      if (offset === null) continue
      least = Math.min(least, offset)
      most = Math.max(most, offset)
    }
    return most - least <= MAX_SKEW_MS ? least : null
  }
}
