// Where in a rectangle a picture goes, and which part of it: the geometry of render modes.
import type { Rect, RenderMode } from '../../mix/mix-spec.ts'

export interface Size {
  readonly widthPx: number
  readonly heightPx: number
}

export interface Placement {
  /** The part of the picture that is shown, in its own pixels. */
  readonly source: Rect
  /** Where that part is scaled to, on the canvas. */
  readonly target: Rect
}

const even = (value: number): number => 2 * Math.round(value / 2)

/**
 * Places a picture in a rectangle. A crop is centred; its edges are multiples of `step` (2 for
 * pictures with halved chroma, else 1). A fitted picture is centred; where it is smaller than the
 * rectangle its edges are even on the canvas.
 */
export function placement(picture: Size, rect: Rect, mode: RenderMode, step: 1 | 2): Placement {
  const whole: Rect = { xPx: 0, yPx: 0, ...sizeOf(picture) }
  /** Positive: the picture is wider in shape than the rectangle. */
  const excess = picture.widthPx * rect.heightPx - picture.heightPx * rect.widthPx
  if (mode === 'stretch' || excess === 0) return { source: whole, target: rect }
  if (mode === 'crop') {
    const widthPx = excess > 0 ? part((picture.heightPx * rect.widthPx) / rect.heightPx, picture.widthPx, step) : picture.widthPx
    const heightPx = excess > 0 ? picture.heightPx : part((picture.widthPx * rect.heightPx) / rect.widthPx, picture.heightPx, step)
    const xPx = step * Math.floor((picture.widthPx - widthPx) / (2 * step))
    const yPx = step * Math.floor((picture.heightPx - heightPx) / (2 * step))
    return { source: { xPx, yPx, widthPx, heightPx }, target: rect }
  }
  const [xPx, widthPx] =
    excess > 0 ? [rect.xPx, rect.widthPx] : centred(rect.xPx, rect.widthPx, (rect.heightPx * picture.widthPx) / picture.heightPx)
  const [yPx, heightPx] =
    excess > 0 ? centred(rect.yPx, rect.heightPx, (rect.widthPx * picture.heightPx) / picture.widthPx) : [rect.yPx, rect.heightPx]
  return { source: whole, target: { xPx, yPx, widthPx, heightPx } }
}

const sizeOf = ({ widthPx, heightPx }: Size): Size => ({ widthPx, heightPx })

/** A wanted length as a multiple of `step`, at least one step, at most `all`. */
const part = (wanted: number, all: number, step: number): number => Math.min(all, Math.max(step, step * Math.round(wanted / step)))

/** Start and length of a stretch of about `wanted` pixels in the middle of another. */
function centred(start: number, length: number, wanted: number): [number, number] {
  const inner = Math.max(2, even(wanted))
  if (inner >= length) return [start, length]
  const at = Math.max(start, even(start + (length - inner) / 2))
  return [Math.min(at, start + length - inner), inner]
}
