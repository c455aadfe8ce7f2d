// A rectangle of one colour with a thin edge, so that tiles that touch are told apart.
import type { OverlayOptions } from 'sharp'
import type { Rect } from '../../mix/mix-spec.ts'

export function fill({ xPx, yPx, widthPx, heightPx }: Rect, color: number): OverlayOptions[] {
  const [r, g, b] = [color >> 16, (color >> 8) & 255, color & 255] as const
  const plane = (left: number, top: number, width: number, height: number, lighten: number): OverlayOptions => ({
    input: { create: { width, height, channels: 3, background: { r: r + lighten, g: g + lighten, b: b + lighten } } },
    left,
    top,
  })
  const outer = plane(xPx, yPx, widthPx, heightPx, 60)
  return widthPx < 5 || heightPx < 5 ? [outer] : [outer, plane(xPx + 1, yPx + 1, widthPx - 2, heightPx - 2, 0)]
}
