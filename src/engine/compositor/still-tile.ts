// A still picture scaled for one rectangle.
import { AV_PIX_FMT_YUVA444P, SWS_ACCURATE_RND, SWS_BILINEAR } from 'node-av/constants'
import { SoftwareScaleContext } from 'node-av/lib'
import type { Rect } from '../../mix/mix-spec.ts'
import { ArenaFrame } from './arena-frame.ts'
import type { Arena } from './arena.ts'
import { ChromaGrid } from './chroma-grid.ts'
import type { Surface, Tile } from './content.ts'
import type { Placement } from './placement.ts'
import type { Still } from './still.ts'

/** Made once, at its first refresh; scaling premultiplied samples keeps hidden colours out of the edges. */
export class StillTile implements Tile {
  readonly surface: Surface
  readonly #arena: Arena
  readonly #still: Still
  readonly #placement: Placement
  readonly #grid: ChromaGrid
  readonly #luma: number
  #made = false
  #closed = false

  constructor(arena: Arena, still: Still, placement: Placement) {
    const { target } = placement
    this.#arena = arena
    this.#still = still
    this.#placement = placement
    this.#grid = new ChromaGrid(arena, target)
    const lumaBytes = target.widthPx * target.heightPx
    this.#luma = arena.allocate(still.opaque ? lumaBytes : 2 * lumaBytes)
    const { u, v, mask } = this.#grid
    this.surface = {
      y: { offset: this.#luma, stride: target.widthPx },
      u,
      v,
      lumaMask: still.opaque ? null : { offset: this.#luma + lumaBytes, stride: target.widthPx },
      chromaMask: still.opaque && !ChromaGrid.neededFor(target) ? null : mask,
    }
  }

  refresh(): boolean {
    if (this.#made) return false
    this.#made = true
    const { source, target } = this.#placement
    const sameSize = source.widthPx === target.widthPx && source.heightPx === target.heightPx
    if (sameSize) this.#fill(this.#still.planes, source.xPx, source.yPx)
    else {
      const scaled = this.#scaled(source, target)
      this.#fill(scaled, 0, 0)
      scaled.close()
    }
    return true
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#grid.close()
    this.#arena.release(this.#luma)
  }

  #scaled(source: Rect, target: Rect): ArenaFrame {
    const from = this.#still.planes
    const to = new ArenaFrame(this.#arena, 'yuva444', target.widthPx, target.heightPx)
    const views = (frame: ArenaFrame, x: number, y: number, rows: number): Buffer[] =>
      frame.planes.map((_, plane) => this.#arena.bytes(frame.at(plane, x, y), frame.stride(plane) * rows - x))
    const scaler = new SoftwareScaleContext()
    try {
      const flags = (SWS_BILINEAR | SWS_ACCURATE_RND) as typeof SWS_BILINEAR
      scaler.getContext(source.widthPx, source.heightPx, AV_PIX_FMT_YUVA444P, target.widthPx, target.heightPx, AV_PIX_FMT_YUVA444P, flags)
      const input = views(from, source.xPx, source.yPx, source.heightPx)
      const result = scaler.scaleSync(input, [...from.strides], 0, source.heightPx, views(to, 0, 0, target.heightPx), [...to.strides])
      if (result < 0)
        throw new Error(`A still picture could not be scaled to ${target.widthPx} x ${target.heightPx} (FFmpeg error ${result}).`)
    } finally {
      scaler.freeContext()
    }
    return to
  }

  /** Takes the target's size of samples from full-resolution planes, from x, y on. */
  #fill(planes: ArenaFrame, x: number, y: number): void {
    const { widthPx, heightPx } = this.#placement.target
    const { kernel } = this.#arena
    const { y: luma, lumaMask } = this.surface
    kernel.copyRect(luma.offset, luma.stride, planes.at(0, x, y), planes.stride(0), widthPx, heightPx)
    if (lumaMask !== null) kernel.copyRect(lumaMask.offset, lumaMask.stride, planes.at(3, x, y), planes.stride(3), widthPx, heightPx)
    this.#grid.gather('u', planes.at(1, x, y), planes.stride(1), 0)
    this.#grid.gather('v', planes.at(2, x, y), planes.stride(2), 0)
    this.#grid.gather('mask', planes.at(3, x, y), planes.stride(3), 0)
  }
}
