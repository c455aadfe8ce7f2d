// FFmpeg frames whose pixels lie in the arena.
import { AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUVA444P } from 'node-av/constants'
import { Frame } from 'node-av/lib'
import type { Arena } from './arena.ts'

/** What swscale may write behind a row, and what kernels that work in steps of 16 may touch. */
const slackPx = 32

const layouts = {
  i420: { format: AV_PIX_FMT_YUV420P, chromaShift: 1, planes: 3 },
  yuva444: { format: AV_PIX_FMT_YUVA444P, chromaShift: 0, planes: 4 },
} as const

/** A frame in the arena. Planes are Y, U, V and perhaps A, as offsets. */
export class ArenaFrame {
  readonly widthPx: number
  readonly heightPx: number
  readonly frame = new Frame()
  readonly planes: readonly number[]
  readonly strides: readonly number[]
  readonly #arena: Arena
  readonly #offset: number
  #closed = false

  /** `tight` leaves no room behind the rows, as encoders of canvases like it. */
  constructor(arena: Arena, layout: keyof typeof layouts, widthPx: number, heightPx: number, tight = false) {
    const { format, chromaShift, planes } = layouts[layout]
    this.#arena = arena
    this.widthPx = widthPx
    this.heightPx = heightPx
    const stride = tight ? widthPx : Math.ceil((widthPx + 2 * slackPx) / 64) * 64
    const chromaHeightPx = (heightPx + chromaShift) >> chromaShift
    const chromaStride = stride >> chromaShift
    this.strides = [stride, chromaStride, chromaStride, stride].slice(0, planes)
    const sizes = [stride * heightPx, chromaStride * chromaHeightPx, chromaStride * chromaHeightPx, stride * heightPx].slice(0, planes)
    const bytes = sizes.reduce((sum, size) => sum + size, 0)
    this.#offset = arena.allocate(bytes + slackPx)
    this.planes = sizes.map((_, plane) => this.#offset + sizes.slice(0, plane).reduce((sum, size) => sum + size, 0))
    // FFmpeg takes a frame for valid only with a buffer of its own: the smallest, then pointed at ours.
    this.frame.alloc()
    this.frame.format = format
    this.frame.width = 2
    this.frame.height = 2
    this.frame.getBuffer()
    this.frame.width = stride
    this.frame.height = heightPx
    const result = this.frame.fromBuffer(arena.bytes(this.#offset, bytes))
    if (result < 0) throw new Error(`A frame of ${widthPx} x ${heightPx} could not be laid into memory (FFmpeg error ${result}).`)
    this.frame.width = widthPx
  }

  /** Offset of a sample of a plane, in the plane's own coordinates. */
  at(plane: number, x: number, y: number): number {
    return (this.planes[plane] ?? 0) + y * this.stride(plane) + x
  }

  stride(plane: number): number {
    return this.strides[plane] ?? 0
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.frame.free()
    this.#arena.release(this.#offset)
  }
}
