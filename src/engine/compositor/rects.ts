// Arithmetic of rectangles in canvas pixels.
import type { Rect } from '../../mix/mix-spec.ts'

const spanning = (left: number, top: number, right: number, bottom: number): Rect => ({
  xPx: left,
  yPx: top,
  widthPx: right - left,
  heightPx: bottom - top,
})

export const isEmpty = (rect: Rect): boolean => rect.widthPx <= 0 || rect.heightPx <= 0

/** What two rectangles share; `null` when that is nothing. */
export function intersection(a: Rect, b: Rect): Rect | null {
  const shared = spanning(
    Math.max(a.xPx, b.xPx),
    Math.max(a.yPx, b.yPx),
    Math.min(a.xPx + a.widthPx, b.xPx + b.widthPx),
    Math.min(a.yPx + a.heightPx, b.yPx + b.heightPx),
  )
  return isEmpty(shared) ? null : shared
}

export function contains(outer: Rect, inner: Rect): boolean {
  return (
    inner.xPx >= outer.xPx &&
    inner.yPx >= outer.yPx &&
    inner.xPx + inner.widthPx <= outer.xPx + outer.widthPx &&
    inner.yPx + inner.heightPx <= outer.yPx + outer.heightPx
  )
}

/** Up to four rectangles that together are `from` without `taken`. */
export function subtract(from: Rect, taken: Rect): Rect[] {
  const hole = intersection(from, taken)
  if (hole === null) return [from]
  const [right, bottom] = [from.xPx + from.widthPx, from.yPx + from.heightPx]
  const [holeRight, holeBottom] = [hole.xPx + hole.widthPx, hole.yPx + hole.heightPx]
  return [
    spanning(from.xPx, from.yPx, right, hole.yPx),
    spanning(from.xPx, hole.yPx, hole.xPx, holeBottom),
    spanning(holeRight, hole.yPx, right, holeBottom),
    spanning(from.xPx, holeBottom, right, bottom),
  ].filter((rect) => !isEmpty(rect))
}

const down = (value: number): number => value - (value & 1)
const up = (value: number): number => value + (value & 1)

/** The smallest rectangle with even edges around `rect`. */
export function evenAround(rect: Rect): Rect {
  return spanning(down(rect.xPx), down(rect.yPx), up(rect.xPx + rect.widthPx), up(rect.yPx + rect.heightPx))
}

/** The largest rectangle with even edges in `rect`, perhaps empty. */
export function evenWithin(rect: Rect): Rect {
  return spanning(up(rect.xPx), up(rect.yPx), down(rect.xPx + rect.widthPx), down(rect.yPx + rect.heightPx))
}
