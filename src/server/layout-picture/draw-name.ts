// A name in the middle of a rectangle.
import { createRequire } from 'node:module'
import sharp, { type OverlayOptions } from 'sharp'
import type { Rect } from '../../mix/mix-spec.ts'

const fontfile = createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSansMono-Bold.ttf')
const largestPx = 40
const smallestPx = 6
/** Width of a character relative to the font's size. */
const advance = 0.602

/** Nothing, where the rectangle is too small to read it. @param name without characters that markup gives a meaning */
export async function drawName(name: string, { xPx, yPx, widthPx, heightPx }: Rect): Promise<OverlayOptions[]> {
  if (!/^[\w\-() ]+$/.test(name)) throw new Error(`A name in a picture may hold letters, digits and "_-() " only (got "${name}").`)
  const sizePx = Math.floor(Math.min(largestPx, heightPx / 2, (widthPx * 0.9) / (name.length * advance)))
  if (sizePx < smallestPx) return []
  const text = { text: `<span foreground="white">${name}</span>`, font: 'DejaVu Sans Mono Bold', fontfile, rgba: true, dpi: 6 * sizePx }
  const { data, info } = await sharp({ text }).png().toBuffer({ resolveWithObject: true })
  if (info.width > widthPx || info.height > heightPx) return []
  return [{ input: data, left: xPx + Math.floor((widthPx - info.width) / 2), top: yPx + Math.floor((heightPx - info.height) / 2) }]
}
