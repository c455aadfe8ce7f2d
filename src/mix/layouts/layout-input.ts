// What a layout needs to know of the canvas and the room.
import type { Participant } from '../participants.ts'
import type { Region } from '../region.ts'

/** What every layout is given besides its own spec. */
export interface LayoutInput {
  readonly widthPx: number
  readonly heightPx: number
  /** Participants of the main room in order of entry. */
  readonly participants: readonly Participant[]
  /** The regions of a moment ago: who holds which tile. */
  readonly previous: readonly Region[] | null
}
