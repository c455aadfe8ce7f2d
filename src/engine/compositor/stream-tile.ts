// A live picture scaled for one rectangle: once per new frame, and only when asked.
import {
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUV422P,
  AV_PIX_FMT_YUV444P,
  AV_PIX_FMT_YUVJ420P,
  AV_PIX_FMT_YUVJ422P,
  AV_PIX_FMT_YUVJ444P,
  AVCOL_RANGE_JPEG,
  AVCOL_SPC_BT470BG,
  AVCOL_SPC_SMPTE170M,
  SWS_BILINEAR,
  type AVPixelFormat,
} from 'node-av/constants'
import { SoftwareScaleContext, type Frame } from 'node-av/lib'
import { ArenaFrame } from './arena-frame.ts'
import type { Arena } from './arena.ts'
import { ChromaGrid } from './chroma-grid.ts'
import type { Plane, Surface, Tile } from './content.ts'
import { CropView } from './crop-view.ts'
import type { Placement } from './placement.ts'
import type { StreamSource } from './stream-source.ts'

/** swscale learns of a full range through these formats only. */
const fullRangeFormats = new Map<AVPixelFormat, AVPixelFormat>([
  [AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUVJ420P],
  [AV_PIX_FMT_YUV422P, AV_PIX_FMT_YUVJ422P],
  [AV_PIX_FMT_YUV444P, AV_PIX_FMT_YUVJ444P],
])

/** Scales in BT.709 limited range; sources that do not say what they are count as that. */
export class StreamTile implements Tile {
  readonly surface: Surface
  readonly #arena: Arena
  readonly #source: StreamSource
  readonly #scaled: ArenaFrame
  readonly #grid: ChromaGrid | null
  readonly #scaler = new SoftwareScaleContext()
  readonly #crop: CropView | null
  readonly #fromBt601: boolean
  #version = -1
  #closed = false

  constructor(arena: Arena, source: StreamSource, { source: part, target }: Placement) {
    const { frame } = source
    this.#arena = arena
    this.#source = source
    this.#fromBt601 = frame.colorSpace === AVCOL_SPC_BT470BG || frame.colorSpace === AVCOL_SPC_SMPTE170M
    const whole = part.widthPx === frame.width && part.heightPx === frame.height
    this.#crop = whole ? null : new CropView(frame, part)
    const format = frame.format as AVPixelFormat
    const input = frame.colorRange === AVCOL_RANGE_JPEG ? (fullRangeFormats.get(format) ?? format) : format
    this.#scaler.getContext(part.widthPx, part.heightPx, input, target.widthPx, target.heightPx, AV_PIX_FMT_YUV420P, SWS_BILINEAR)
    const scaled = new ArenaFrame(arena, 'i420', target.widthPx, target.heightPx)
    this.#scaled = scaled
    this.#grid = ChromaGrid.neededFor(target) ? new ChromaGrid(arena, target) : null
    const plane = (index: number): Plane => ({ offset: scaled.at(index, 0, 0), stride: scaled.stride(index) })
    this.surface = {
      y: plane(0),
      u: this.#grid?.u ?? plane(1),
      v: this.#grid?.v ?? plane(2),
      lumaMask: null,
      chromaMask: this.#grid?.mask ?? null,
    }
    this.#grid?.setSolidMask()
  }

  refresh(): boolean {
    if (this.#version === this.#source.version) return false
    this.#version = this.#source.version
    if (this.#crop === null) this.#scale(this.#source.frame)
    else this.#crop.show(this.#source.frame, (part) => this.#scale(part))
    const scaled = this.#scaled
    if (this.#fromBt601) {
      this.#arena.kernel.bt601ToBt709(
        scaled.at(0, 0, 0),
        scaled.stride(0),
        scaled.at(1, 0, 0),
        scaled.at(2, 0, 0),
        scaled.stride(1),
        scaled.widthPx,
        scaled.heightPx,
      )
    }
    this.#grid?.gather('u', scaled.at(1, 0, 0), scaled.stride(1), 1)
    this.#grid?.gather('v', scaled.at(2, 0, 0), scaled.stride(2), 1)
    return true
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#scaler.freeContext()
    this.#crop?.close()
    this.#grid?.close()
    this.#scaled.close()
  }

  #scale(frame: Frame): void {
    const result = this.#scaler.scaleFrameSync(this.#scaled.frame, frame)
    if (result < 0) throw new Error(`A picture of ${frame.width} x ${frame.height} could not be scaled (FFmpeg error ${result}).`)
  }
}
