// What must be repainted of one canvas.
import type { Rect } from '../../mix/mix-spec.ts'
import { contains, evenAround, intersection } from './rects.ts'

/** Beyond so many rectangles the whole canvas is repainted instead. */
const maxRects = 64

/** Rectangles with even edges inside the canvas, none inside another; the list is bounded. */
export class DirtyRects {
  readonly #bounds: Rect
  #rects: Rect[] = []

  constructor(bounds: Rect) {
    this.#bounds = bounds
  }

  add(rect: Rect): void {
    const inside = intersection(rect, this.#bounds)
    if (inside === null) return
    const even = evenAround(inside)
    if (this.#rects.some((other) => contains(other, even))) return
    this.#rects = this.#rects.filter((other) => !contains(even, other))
    this.#rects.push(even)
    if (this.#rects.length > maxRects) this.#rects = [this.#bounds]
  }

  /** Hands the rectangles over and forgets them. */
  take(): Rect[] {
    const rects = this.#rects
    this.#rects = []
    return rects
  }
}
