// Colours of decoded pictures against wanted ones.
import type { Rgb } from '../support/recorded-pictures.ts'

/** What 4:2:0, limited range and the encoder may do to a flat colour. */
const tolerance = 12

export const rgb = (color: number): Rgb => [color >> 16, (color >> 8) & 255, color & 255]

/** A predicate: near `0xRRGGBB` in every component. */
export const closeTo =
  (color: number, within = tolerance) =>
  (seen: Rgb): boolean =>
    rgb(color).every((value, index) => Math.abs(value - (seen[index] ?? NaN)) <= within)
