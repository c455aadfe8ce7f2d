// From a canvas back to RGBA, for people who want to see it.
import { setImmediate as breathe } from 'node:timers/promises'
import type { Frame } from 'node-av/lib'
import type { Picture } from '../ipc.ts'

/** Rows converted in one go: the next tick must not wait for a whole picture. */
const ROWS_AT_ONCE = 64

/**
 * The pixels of an I420 frame in BT.709 limited range (ITU-R BT.709-6, 3.2 and 3.4), opaque. The samples are copied at
 * once (streams in BT.601 come out a little off in hue); what becomes of the frame afterwards does not matter.
 */
export async function pictureOf(frame: Frame): Promise<Picture> {
  const { width: widthPx, height: heightPx } = frame
  const [y, u, v] = (frame.data ?? []).map((plane) => Buffer.from(plane))
  const [lumaStride = 0, chromaStride = 0] = frame.linesize
  if (y === undefined || u === undefined || v === undefined) throw new Error('A canvas must have three planes.')
  const rgba = new Uint8ClampedArray(widthPx * heightPx * 4)
  for (let from = 0; from < heightPx; from += ROWS_AT_ONCE) {
    for (let row = from; row < Math.min(heightPx, from + ROWS_AT_ONCE); row++) {
      let at = row * widthPx * 4
      const chromaRow = (row >> 1) * chromaStride
      for (let x = 0; x < widthPx; x++) {
        const luma = 1.164384 * ((y[row * lumaStride + x] ?? 0) - 16)
        const cb = (u[chromaRow + (x >> 1)] ?? 0) - 128
        const cr = (v[chromaRow + (x >> 1)] ?? 0) - 128
        rgba[at++] = luma + 1.792741 * cr
        rgba[at++] = luma - 0.213249 * cb - 0.532909 * cr
        rgba[at++] = luma + 2.112402 * cb
        rgba[at++] = 255
      }
    }
    await breathe()
  }
  return { widthPx, heightPx, rgba: new Uint8Array(rgba.buffer) }
}
