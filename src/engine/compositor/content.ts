// What a layer can show, as the geometry of a scene needs to know it: live streams and still pictures alike.
import type { Arena } from './arena.ts'
import type { Placement, Size } from './placement.ts'

/** A rectangle of bytes in the arena. */
export interface Plane {
  readonly offset: number
  readonly stride: number
}

/**
 * Samples ready to be painted, on the canvas' own grid: the first chroma sample covers the canvas'
 * sample under the target's top left pixel. Where a mask is given, samples are premultiplied by it.
 */
export interface Surface {
  readonly y: Plane
  readonly u: Plane
  readonly v: Plane
  readonly lumaMask: Plane | null
  readonly chromaMask: Plane | null
}

/** A picture made ready for one placement. */
export interface Tile {
  readonly surface: Surface
  /** Brings the surface up to date; whether it changed. */
  refresh(): boolean
  close(): void
}

export interface Content extends Size {
  /** Changes when tiles made so far no longer fit: another size, format or picture. */
  readonly identity: string
  /** Whether every pixel hides what is beneath. */
  readonly opaque: boolean
  /** Crops of it have edges that are multiples of this. */
  readonly cropStepPx: 1 | 2
  makeTile(arena: Arena, placement: Placement): Tile
}
