// Between raw pictures and FFmpeg frames of the engine's library.
import {
  AV_PIX_FMT_NV12,
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUV444P,
  AV_PIX_FMT_YUVJ420P,
  Frame,
  type AVColorRange,
  type AVColorSpace,
  type AVPixelFormat,
} from 'node-av'
import type { RawPicture } from './ffmpeg.ts'

interface PlaneShape {
  /** Bytes a row for a picture that wide, and rows for one that high. */
  readonly bytes: (widthPx: number) => number
  readonly rows: (heightPx: number) => number
}

const full: PlaneShape = { bytes: (widthPx) => widthPx, rows: (heightPx) => heightPx }
const halved: PlaneShape = { bytes: (widthPx) => (widthPx + 1) >> 1, rows: (heightPx) => (heightPx + 1) >> 1 }
const pairs: PlaneShape = { bytes: (widthPx) => ((widthPx + 1) >> 1) * 2, rows: halved.rows }

const formats: Record<string, { format: AVPixelFormat; planes: readonly PlaneShape[] }> = {
  yuv420p: { format: AV_PIX_FMT_YUV420P, planes: [full, halved, halved] },
  yuvj420p: { format: AV_PIX_FMT_YUVJ420P, planes: [full, halved, halved] },
  yuv444p: { format: AV_PIX_FMT_YUV444P, planes: [full, full, full] },
  nv12: { format: AV_PIX_FMT_NV12, planes: [full, pairs] },
}

function shapeOf(pixelFormat: string): { format: AVPixelFormat; planes: readonly PlaneShape[] } {
  const shape = formats[pixelFormat]
  if (shape === undefined) throw new Error(`No frame of pixel format ${pixelFormat} is known here.`)
  return shape
}

/** A frame as a decoder would give it, with rows padded to 64 bytes. */
export function frameOf(picture: RawPicture, tags: { colorSpace?: AVColorSpace; colorRange?: AVColorRange } = {}): Frame {
  const { format, planes } = shapeOf(picture.pixelFormat)
  const frame = new Frame()
  frame.alloc()
  frame.width = picture.widthPx
  frame.height = picture.heightPx
  frame.format = format
  frame.getBuffer(64)
  if (tags.colorSpace !== undefined) frame.colorSpace = tags.colorSpace
  if (tags.colorRange !== undefined) frame.colorRange = tags.colorRange
  let from = 0
  planes.forEach(({ bytes, rows }, plane) => {
    const rowBytes = bytes(picture.widthPx)
    for (let row = 0; row < rows(picture.heightPx); row++, from += rowBytes) {
      picture.data.copy(frame.data?.[plane] as Buffer, row * (frame.linesize[plane] ?? 0), from, from + rowBytes)
    }
  })
  return frame
}

/** A copy of an I420 frame's samples. */
export function rawOf(frame: Frame): RawPicture {
  const { width: widthPx, height: heightPx } = frame
  const rows = shapeOf('yuv420p').planes.flatMap((shape, plane) =>
    Array.from({ length: shape.rows(heightPx) }, (_, row) => {
      const start = row * (frame.linesize[plane] ?? 0)
      return frame.data?.[plane]?.subarray(start, start + shape.bytes(widthPx)) ?? Buffer.alloc(0)
    }),
  )
  return { widthPx, heightPx, pixelFormat: 'yuv420p', data: Buffer.concat(rows) }
}
