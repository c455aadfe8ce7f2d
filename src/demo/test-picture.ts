// The picture of a synthetic participant: its colour, its name, a running clock, a square that moves, a time code.
import { advanceRatio, textMask, type TextMask } from './text-mask.ts'
import { paintTimeCode, timeCodeArea, type TimeCodeArea } from './time-code.ts'
import { toYuv, type ColorMatrix } from './yuv.ts'

export interface TestPictureOptions {
  /** Even. */
  readonly widthPx: number
  /** Even. */
  readonly heightPx: number
  /** Background, 0xRRGGBB. */
  readonly color: number
  readonly name: string
  readonly matrix: ColorMatrix
}

const lapMs = 4000
const clockLength = '00:00:00.0'.length
const whiteLuma = 235
const neutralChroma = 128

/** Paints the pictures of one participant into the same I420 buffer, again and again. */
export class TestPicture {
  readonly widthPx: number
  readonly heightPx: number
  /** I420: luma, then the two chroma planes of half the width and height; limited range. */
  readonly buffer: Buffer
  readonly #background: Buffer
  readonly #glyphs: Map<string, TextMask>
  readonly #clock: { xPx: number; yPx: number; advancePx: number }

  constructor({ widthPx, heightPx, color, name, matrix }: TestPictureOptions) {
    this.widthPx = widthPx
    this.heightPx = heightPx
    const lumaBytes = widthPx * heightPx
    this.#background = Buffer.alloc((lumaBytes * 3) / 2)
    const { y, u, v } = toYuv(color, matrix)
    this.#background.fill(y, 0, lumaBytes)
    this.#background.fill(u, lumaBytes, (lumaBytes * 5) / 4)
    this.#background.fill(v, (lumaBytes * 5) / 4)
    // Everything lies in the square in the middle: a crop to another shape leaves it whole.
    const side = Math.min(widthPx, heightPx)
    const sizeFor = (length: number): number => Math.max(8, Math.floor(Math.min(heightPx / 9, (side * 0.9) / (length * advanceRatio))))
    const title = textMask(name, sizeFor(name.length))
    this.#blit(this.#background, title, (widthPx - title.widthPx) / 2, heightPx * 0.32)
    const sizePx = sizeFor(clockLength)
    this.#glyphs = new Map(Array.from('0123456789:.', (character) => [character, textMask(character, sizePx)]))
    const advancePx = 2 * Math.round((sizePx * advanceRatio) / 2)
    this.#clock = { xPx: Math.floor((widthPx - clockLength * advancePx) / 2), yPx: Math.floor(heightPx * 0.5), advancePx }
    this.#clearChroma(timeCodeArea(widthPx, heightPx))
    this.buffer = Buffer.from(this.#background)
  }

  /** Paints the picture of an instant (Unix ms, shown as UTC). */
  paint(atMs: number): void {
    this.#background.copy(this.buffer)
    const clock = new Date(atMs).toISOString().slice(11, 11 + clockLength)
    for (const [index, character] of clock.split('').entries()) {
      const glyph = this.#glyphs.get(character)
      if (glyph !== undefined) this.#blit(this.buffer, glyph, this.#clock.xPx + index * this.#clock.advancePx, this.#clock.yPx)
    }
    this.#paintSquare(atMs)
    paintTimeCode(this.buffer, this.widthPx, timeCodeArea(this.widthPx, this.heightPx), atMs)
  }

  /** The time code is black and white. */
  #clearChroma({ yPx, cellPx, widthPx, xPx }: TimeCodeArea): void {
    const planeBytes = this.widthPx * this.heightPx
    const [start, end] = [xPx >> 1, (xPx + widthPx) >> 1]
    for (let y = yPx >> 1; y < (yPx + cellPx) >> 1; y++) {
      for (const plane of [planeBytes, (planeBytes * 5) / 4]) {
        const row = plane + y * (this.widthPx >> 1)
        this.#background.fill(neutralChroma, row + start, row + end)
      }
    }
  }

  #paintSquare(atMs: number): void {
    const side = Math.min(this.widthPx, this.heightPx)
    const sizePx = 2 * Math.floor(side / 18)
    const phase = (atMs % lapMs) / lapMs
    const way = phase < 0.5 ? phase * 2 : 2 - phase * 2
    const square = { widthPx: sizePx, heightPx: sizePx, ink: solid(sizePx * sizePx) }
    this.#blit(this.buffer, square, (this.widthPx - side) / 2 + way * (side - sizePx), this.heightPx * 0.7)
  }

  /** Puts white ink on a picture; the place is rounded to whole chroma samples. */
  #blit(picture: Buffer, { widthPx, heightPx, ink }: TextMask, left: number, top: number): void {
    const [xPx, yPx] = [2 * Math.floor(left / 2), 2 * Math.floor(top / 2)]
    for (let y = 0; y < heightPx; y++) {
      for (let x = 0; x < widthPx; x++) {
        const share = (ink[y * widthPx + x] ?? 0) / 255
        if (share === 0) continue
        const [pictureX, pictureY] = [xPx + x, yPx + y]
        blend(picture, pictureY * this.widthPx + pictureX, whiteLuma, share)
        if (x % 2 === 1 || y % 2 === 1) continue
        const chroma = (pictureY >> 1) * (this.widthPx >> 1) + (pictureX >> 1)
        const planeBytes = this.widthPx * this.heightPx
        blend(picture, planeBytes + chroma, neutralChroma, share)
        blend(picture, (planeBytes * 5) / 4 + chroma, neutralChroma, share)
      }
    }
  }
}

function blend(picture: Buffer, at: number, value: number, share: number): void {
  picture[at] = Math.round((picture[at] ?? 0) * (1 - share) + value * share)
}

const solid = (length: number): Uint8Array => new Uint8Array(length).fill(255)
