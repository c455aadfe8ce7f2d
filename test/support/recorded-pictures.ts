// The pictures of a recording as Debian's FFmpeg decodes them: instants, colours, and which source picture each tile shows.
import { execFile, spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { timeCodeAgeMs, timeCodeArea, type TimeCodeArea } from '../../src/demo/time-code.ts'

const run = promisify(execFile)
const maxBuffer = 64 * 1024 * 1024
const patchPx = 8

export interface Size {
  readonly widthPx: number
  readonly heightPx: number
}

export interface Rect extends Size {
  readonly xPx: number
  readonly yPx: number
}

/** Where a time code's row begins and how large its cells are. */
export type CodeRow = Omit<TimeCodeArea, 'widthPx'>

export type Rgb = readonly [red: number, green: number, blue: number]

export class RecordedPicture {
  /** Since the recording began. */
  readonly timeMs: number
  readonly widthPx: number
  readonly heightPx: number
  readonly #planes: Buffer

  /** `planes` is I420 without padding. */
  constructor(timeMs: number, { widthPx, heightPx }: Size, planes: Buffer) {
    this.timeMs = timeMs
    this.widthPx = widthPx
    this.heightPx = heightPx
    this.#planes = planes
  }

  /** Mean colour of the 8 x 8 pixels around a point, by BT.709 limited range. */
  colorAt(xPx: number, yPx: number): Rgb {
    const luma = this.#mean(0, this.widthPx, xPx, yPx, patchPx)
    const lumaBytes = this.widthPx * this.heightPx
    const [u, v] = [lumaBytes, (lumaBytes * 5) / 4].map((at) => this.#mean(at, this.widthPx / 2, xPx / 2, yPx / 2, patchPx / 2) - 128) as [
      number,
      number,
    ]
    const grey = ((luma - 16) * 255) / 219
    const rgb = [grey + (v * 1.5748 * 255) / 224, grey - ((0.1873 * u + 0.4681 * v) * 255) / 224, grey + (u * 1.8556 * 255) / 224]
    return rgb.map((value) => Math.min(255, Math.max(0, Math.round(value)))) as unknown as Rgb
  }

  /** Unix ms at which the source painted what is shown at `area`; `null` when no time code is there. */
  capturedAt(area: CodeRow): number | null {
    const now = Date.now()
    const ageMs = timeCodeAgeMs(this.#planes, this.widthPx, area, now)
    return ageMs === null ? null : now - ageMs
  }

  #mean(plane: number, stride: number, centerX: number, centerY: number, size: number): number {
    let sum = 0
    const [left, top] = [Math.round(centerX - size / 2), Math.round(centerY - size / 2)]
    for (let y = top; y < top + size; y++) for (let x = left; x < left + size; x++) sum += this.#planes[plane + y * stride + x] ?? 0
    return sum / (size * size)
  }
}

/** Every picture of a recording in order. @throws {Error} when not every packet decodes to a picture of the first one's size */
export async function* recordedPictures(file: string): AsyncGenerator<RecordedPicture> {
  const { size, timesMs } = await probePictures(file)
  const pictureBytes = (size.widthPx * size.heightPx * 3) / 2
  const decoder = spawn(
    'ffmpeg',
    ['-v', 'error', '-i', file, '-map', '0:v:0', '-fps_mode', 'passthrough', '-pix_fmt', 'yuv420p', '-f', 'rawvideo', '-'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  try {
    let planes = Buffer.allocUnsafe(pictureBytes)
    let filled = 0
    let index = 0
    for await (const chunk of decoder.stdout as AsyncIterable<Buffer>) {
      for (let at = 0; at < chunk.length;) {
        const copied = chunk.copy(planes, filled, at)
        at += copied
        filled += copied
        if (filled < pictureBytes) continue
        yield new RecordedPicture(timesMs[index++] ?? NaN, size, planes)
        planes = Buffer.allocUnsafe(pictureBytes)
        filled = 0
      }
    }
    if (index !== timesMs.length) throw new Error(`${timesMs.length} packets of ${file} decode to ${index} pictures.`)
  } finally {
    decoder.kill()
  }
}

export async function allPictures(file: string): Promise<RecordedPicture[]> {
  return Array.fromAsync(recordedPictures(file))
}

/** Where the time code of a source lies once its whole picture covers (`crop`) a tile or is fitted into it. */
export function shownTimeCode(source: Size, tile: Rect, mode: 'crop' | 'fit'): CodeRow {
  const area = timeCodeArea(source.widthPx, source.heightPx)
  const scales = [tile.widthPx / source.widthPx, tile.heightPx / source.heightPx]
  const scale = mode === 'crop' ? Math.max(...scales) : Math.min(...scales)
  return {
    xPx: tile.xPx + tile.widthPx / 2 + (area.xPx - source.widthPx / 2) * scale,
    yPx: tile.yPx + tile.heightPx / 2 + (area.yPx - source.heightPx / 2) * scale,
    cellPx: area.cellPx * scale,
  }
}

/** Moments at which FFmpeg finds 98 % of the picture black, however short. */
export async function blackMoments(file: string): Promise<string[]> {
  const { stderr } = await run('ffmpeg', ['-v', 'info', '-i', file, '-an', '-vf', 'blackdetect=d=0:pix_th=0.1', '-f', 'null', '-'], {
    maxBuffer,
  })
  return [...stderr.matchAll(/black_start:\S+ black_end:\S+/g)].map(([moment]) => moment)
}

/** Distinct sizes of the decoded pictures, as in `640x360`. */
export async function pictureSizes(file: string): Promise<string[]> {
  const args = ['-v', 'error', '-select_streams', 'v', '-show_entries', 'frame=width,height', '-of', 'json', file]
  const { stdout } = await run('ffprobe', args, { maxBuffer })
  const { frames } = JSON.parse(stdout) as { frames: { width: number; height: number }[] }
  return [...new Set(frames.map(({ width, height }) => `${width}x${height}`))]
}

/** Keeps a picture in test/output, to be looked at. */
export async function savePicture(file: string, atSec: number, name: string): Promise<void> {
  const png = `test/output/${name}.png`
  mkdirSync(dirname(png), { recursive: true })
  await run('ffmpeg', [
    '-v',
    'error',
    '-i',
    file,
    '-ss',
    String(atSec),
    '-frames:v',
    '1',
    '-update',
    '1',
    '-vf',
    'scale=in_color_matrix=bt709',
    '-y',
    png,
  ])
}

async function probePictures(file: string): Promise<{ size: Size; timesMs: number[] }> {
  const args = ['-v', 'error', '-select_streams', 'v', '-show_entries', 'stream=width,height:packet=pts_time', '-of', 'json', file]
  const { stdout } = await run('ffprobe', args, { maxBuffer })
  const { streams, packets } = JSON.parse(stdout) as { streams: { width: number; height: number }[]; packets: { pts_time: string }[] }
  const [stream] = streams
  if (stream === undefined) throw new Error(`${file} has no pictures.`)
  return { size: { widthPx: stream.width, heightPx: stream.height }, timesMs: packets.map(({ pts_time }) => Number(pts_time) * 1000) }
}
