// The one colour space of every output: BT.709, limited range.
import type { Color } from '../../mix/mix-spec.ts'

export interface Bt709Color {
  readonly y: number
  readonly u: number
  readonly v: number
}

/** An sRGB colour as 8-bit BT.709 limited-range samples (ITU-R BT.709-6, 3.2 and 3.4). */
export function bt709Of(color: Color): Bt709Color {
  const [r, g, b] = [(color >> 16) & 255, (color >> 8) & 255, color & 255].map((value) => value / 255) as [number, number, number]
  const luma = 0.2126 * r + 0.7152 * g + 0.0722 * b
  return {
    y: Math.round(16 + 219 * luma),
    u: Math.round(128 + (224 * (b - luma)) / 1.8556),
    v: Math.round(128 + (224 * (r - luma)) / 1.5748),
  }
}
