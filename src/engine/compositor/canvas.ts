// One of the pictures that go to the encoder, and how layers are painted on it.
import { AVCHROMA_LOC_LEFT, AVCOL_PRI_BT709, AVCOL_RANGE_MPEG, AVCOL_SPC_BT709, AVCOL_TRC_BT709 } from 'node-av/constants'
import { Rational, type Frame } from 'node-av/lib'
import type { Rect } from '../../mix/mix-spec.ts'
import { ArenaFrame } from './arena-frame.ts'
import type { Arena } from './arena.ts'
import type { ArrangedLayer } from './arrange.ts'
import type { Bt709Color } from './bt709-color.ts'
import type { Plane, Surface, Tile } from './content.ts'
import { DirtyRects } from './dirty-rects.ts'
import { contains, intersection } from './rects.ts'

export interface PaintedLayer extends ArrangedLayer {
  /** `null` only while nothing of the layer can be seen. */
  readonly tile: Tile | null
}

const black: Bt709Color = { y: 16, u: 128, v: 128 }

/** A persistent I420 picture that repaints only what is dirty; all of it is at first. */
export class Canvas {
  readonly dirty: DirtyRects
  readonly #arena: Arena
  readonly #pixels: ArenaFrame

  constructor(arena: Arena, widthPx: number, heightPx: number) {
    this.#arena = arena
    this.#pixels = new ArenaFrame(arena, 'i420', widthPx, heightPx, true)
    const { frame } = this.#pixels
    frame.colorSpace = AVCOL_SPC_BT709
    frame.colorPrimaries = AVCOL_PRI_BT709
    frame.colorTrc = AVCOL_TRC_BT709
    frame.colorRange = AVCOL_RANGE_MPEG
    frame.chromaLocation = AVCHROMA_LOC_LEFT
    frame.sampleAspectRatio = new Rational(1, 1)
    const bounds: Rect = { xPx: 0, yPx: 0, widthPx, heightPx }
    this.dirty = new DirtyRects(bounds)
    this.dirty.add(bounds)
  }

  get frame(): Frame {
    return this.#pixels.frame
  }

  /** Repaints every dirty rectangle from what covers it upwards, so that the result never depends on the past. */
  paint(layers: readonly PaintedLayer[], background: Bt709Color): void {
    for (const rect of this.dirty.take()) {
      const base = layers.findLastIndex((layer) => layer.tile !== null && contains(layer.cover, rect))
      if (base === -1) this.#fill(rect, background)
      for (const layer of layers.slice(Math.max(base, 0))) this.#paintLayer(layer, rect)
    }
  }

  close(): void {
    this.#pixels.close()
  }

  #paintLayer(layer: PaintedLayer, within: Rect): void {
    if (layer.tile === null) return
    const bars = layer.backdrop === null || contains(layer.solid, within) ? null : intersection(layer.backdrop, within)
    if (bars !== null) this.#fill(bars, black)
    const { target } = layer.placement
    const part = intersection(target, within)
    if (part !== null) this.#draw(layer.tile.surface, target, part)
  }

  #draw({ y, u, v, lumaMask, chromaMask }: Surface, target: Rect, part: Rect): void {
    this.#drawPlane(0, y, lumaMask, part.xPx - target.xPx, part.yPx - target.yPx, part)
    const [left, top] = [part.xPx >> 1, part.yPx >> 1]
    const chroma: Rect = {
      xPx: left,
      yPx: top,
      widthPx: ((part.xPx + part.widthPx + 1) >> 1) - left,
      heightPx: ((part.yPx + part.heightPx + 1) >> 1) - top,
    }
    const [x, row] = [left - (target.xPx >> 1), top - (target.yPx >> 1)]
    this.#drawPlane(1, u, chromaMask, x, row, chroma)
    this.#drawPlane(2, v, chromaMask, x, row, chroma)
  }

  /** Puts what `from` holds at x, y into the rectangle `to` of a plane of the canvas, in that plane's samples. */
  #drawPlane(plane: number, from: Plane, mask: Plane | null, x: number, y: number, to: Rect): void {
    const { kernel } = this.#arena
    const at = this.#pixels.at(plane, to.xPx, to.yPx)
    const stride = this.#pixels.stride(plane)
    const source = from.offset + y * from.stride + x
    if (mask === null) kernel.copyRect(at, stride, source, from.stride, to.widthPx, to.heightPx)
    else kernel.blendRect(at, stride, source, from.stride, mask.offset + y * mask.stride + x, mask.stride, to.widthPx, to.heightPx)
  }

  #fill(rect: Rect, color: Bt709Color): void {
    const { kernel } = this.#arena
    const { xPx, yPx, widthPx, heightPx } = rect
    kernel.fillRect(this.#pixels.at(0, xPx, yPx), this.#pixels.stride(0), color.y, widthPx, heightPx)
    const isEven = ((xPx | yPx | widthPx | heightPx) & 1) === 0
    for (const [plane, value] of [
      [1, color.u],
      [2, color.v],
    ] as const) {
      const stride = this.#pixels.stride(plane)
      if (isEven) kernel.fillRect(this.#pixels.at(plane, xPx >> 1, yPx >> 1), stride, value, widthPx >> 1, heightPx >> 1)
      else kernel.fillChroma(this.#pixels.at(plane, 0, 0), stride, value, xPx, yPx, widthPx, heightPx)
    }
  }
}
