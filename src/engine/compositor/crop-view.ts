// A part of a frame without copying it: FFmpeg's crop filter only moves the pointers.
import { FilterGraph, Frame, type FilterContext } from 'node-av/lib'
import type { Rect } from '../../mix/mix-spec.ts'

/**
 * Shows one rectangle of frames that all look like the first. Reading `frame.data` instead would
 * make an external buffer of every decoded picture and drive the garbage collector.
 */
export class CropView {
  readonly #graph = new FilterGraph()
  readonly #input: FilterContext
  readonly #output: FilterContext
  readonly #held = new Frame()
  readonly #view = new Frame()
  #closed = false

  constructor(like: Frame, part: Rect) {
    this.#held.alloc()
    this.#view.alloc()
    this.#graph.alloc()
    this.#graph.nbThreads = 1
    const source = `video_size=${like.width}x${like.height}:pix_fmt=${like.format}:time_base=1/1000:colorspace=${like.colorSpace}:range=${like.colorRange}`
    const crop = `w=${part.widthPx}:h=${part.heightPx}:x=${part.xPx}:y=${part.yPx}:exact=1`
    const parsed = this.#graph.parsePtr(`buffer@in=${source},crop=${crop},buffersink@out`, null, null)
    const result = parsed < 0 ? parsed : this.#graph.configSync()
    const find = (name: string): FilterContext | undefined => this.#graph.filters?.find((filter) => filter.name?.endsWith(name))
    const [input, output] = [find('buffer@in'), find('buffersink@out')]
    if (result < 0 || input === undefined || output === undefined)
      throw new Error(`No crop can be made of pixel format ${like.format} (FFmpeg error ${result}).`)
    this.#input = input
    this.#output = output
  }

  /** Hands the part of `frame` to `use`, which must not keep it. */
  show(frame: Frame, use: (part: Frame) => void): void {
    this.#held.ref(frame)
    const pushed = this.#input.buffersrcAddFrameSync(this.#held)
    const pulled = pushed < 0 ? pushed : this.#output.buffersinkGetFrameSync(this.#view)
    if (pulled < 0) throw new Error(`A picture could not be cropped (FFmpeg error ${pulled}).`)
    try {
      use(this.#view)
    } finally {
      this.#view.unref()
    }
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#graph.free()
    this.#held.free()
    this.#view.free()
  }
}
