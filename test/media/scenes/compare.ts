// How far two I420 pictures are apart.
import type { RawPicture } from './ffmpeg.ts'

/** A rectangle whose border is not judged: filters may treat the last pixel of a tile differently. */
export type Box = readonly [xPx: number, yPx: number, widthPx: number, heightPx: number]

export interface Difference {
  /** Largest difference of a sample that is not near a border. */
  readonly largest: number
  /** Where, as `plane x y`. */
  readonly at: string
}

/** Compares sample by sample, leaving out luma within `marginPx` of a border (chroma likewise). */
export function difference(a: RawPicture, b: RawPicture, boxes: readonly Box[], marginPx: number): Difference {
  let [largest, at, from] = [0, '', 0]
  for (const plane of [0, 1, 2]) {
    const shift = plane === 0 ? 0 : 1
    const [width, height] = [a.widthPx >> shift, a.heightPx >> shift]
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const apart = Math.abs((a.data[from + y * width + x] ?? 0) - (b.data[from + y * width + x] ?? 0))
        if (apart <= largest || nearBorder(x << shift, y << shift, 1 << shift, boxes, marginPx)) continue
        largest = apart
        at = `${plane} ${x} ${y}`
      }
    }
    from += width * height
  }
  return { largest, at }
}

function nearBorder(x: number, y: number, size: number, boxes: readonly Box[], marginPx: number): boolean {
  const near = (value: number, edge: number): boolean => value + size > edge - marginPx && value < edge + marginPx
  const along = (value: number, start: number, length: number): boolean =>
    value + size > start - marginPx && value < start + length + marginPx
  return boxes.some(
    ([left, top, width, height]) =>
      ((near(x, left) || near(x, left + width)) && along(y, top, height)) ||
      ((near(y, top) || near(y, top + height)) && along(x, left, width)),
  )
}

/** Halves the chroma of a 4:4:4 picture by the mean of 2 x 2 samples. */
export function halveChroma(data: Buffer, widthPx: number, heightPx: number): RawPicture {
  const pixels = widthPx * heightPx
  const chroma = [1, 2].map((plane) => {
    const half = Buffer.alloc(pixels / 4)
    for (let y = 0; y < heightPx; y += 2) {
      for (let x = 0; x < widthPx; x += 2) {
        const at = plane * pixels + y * widthPx + x
        const sum = (data[at] ?? 0) + (data[at + 1] ?? 0) + (data[at + widthPx] ?? 0) + (data[at + widthPx + 1] ?? 0)
        half[(y / 2) * (widthPx / 2) + x / 2] = Math.round(sum / 4)
      }
    }
    return half
  })
  return { widthPx, heightPx, pixelFormat: 'yuv420p', data: Buffer.concat([data.subarray(0, pixels), ...chroma]) }
}
