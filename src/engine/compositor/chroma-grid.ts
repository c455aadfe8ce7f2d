// Chroma of a tile whose edges are odd: the canvas' chroma samples lie across its borders.
import type { Rect } from '../../mix/mix-spec.ts'
import type { Arena } from './arena.ts'
import type { Plane } from './content.ts'

/**
 * Chroma planes on the canvas' grid and the mask that says how much of each sample belongs to the
 * tile: a sample shared with a neighbour takes the tile's share and no more, which is what scaling
 * down a picture composed at full chroma resolution would give.
 */
export class ChromaGrid {
  readonly u: Plane
  readonly v: Plane
  readonly mask: Plane
  readonly #arena: Arena
  readonly #target: Rect
  readonly #oddX: number
  readonly #oddY: number
  readonly #planeBytes: number

  constructor(arena: Arena, target: Rect) {
    this.#arena = arena
    this.#target = target
    this.#oddX = target.xPx & 1
    this.#oddY = target.yPx & 1
    const stride = (this.#oddX + target.widthPx + 1) >> 1
    this.#planeBytes = stride * ((this.#oddY + target.heightPx + 1) >> 1)
    const offset = arena.allocate(3 * this.#planeBytes)
    this.u = { offset, stride }
    this.v = { offset: offset + this.#planeBytes, stride }
    this.mask = { offset: offset + 2 * this.#planeBytes, stride }
  }

  /** Whether a tile there shares chroma samples with its surroundings. */
  static neededFor(target: Rect): boolean {
    return ((target.xPx | target.yPx | target.widthPx | target.heightPx) & 1) === 1
  }

  /** The mask of a tile without alpha. */
  setSolidMask(): void {
    this.#arena.bytes(this.mask.offset, this.#planeBytes).fill(0)
    const { widthPx, heightPx } = this.#target
    this.#arena.kernel.fillChroma(this.mask.offset, this.mask.stride, 255, this.#oddX, this.#oddY, widthPx, heightPx)
  }

  /** Fills a plane from one with a sample a pixel (`shift` 0) or a sample for 2 x 2 pixels (1). */
  gather(plane: 'u' | 'v' | 'mask', source: number, sourceStride: number, shift: 0 | 1): void {
    const { offset, stride } = this[plane]
    const { widthPx, heightPx } = this.#target
    this.#arena.kernel.gatherChroma(offset, stride, source, sourceStride, shift, widthPx, heightPx, this.#oddX, this.#oddY)
  }

  close(): void {
    this.#arena.release(this.u.offset)
  }
}
