// Debian's ffmpeg as the independent painter and judge of scenes: raw pictures in, raw pictures out.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface RawPicture {
  readonly widthPx: number
  readonly heightPx: number
  /** FFmpeg's name. */
  readonly pixelFormat: string
  readonly data: Buffer
}

const run = (args: readonly string[]): Buffer =>
  execFileSync('ffmpeg', ['-hide_banner', '-loglevel', 'error', '-nostdin', ...args], { maxBuffer: 64 * 1024 * 1024 })

/** One picture of a lavfi graph; `SIZE` in it stands for the size. */
export function generate(source: string, pixelFormat: string, widthPx: number, heightPx: number): RawPicture {
  const graph = `${source.replace('SIZE', `s=${widthPx}x${heightPx}`)},format=${pixelFormat}`
  const data = run(['-f', 'lavfi', '-i', graph, '-frames:v', '1', '-f', 'rawvideo', '-pix_fmt', pixelFormat, '-'])
  return { widthPx, heightPx, pixelFormat, data }
}

/** Runs a filter graph over single pictures, [0], [1] and so on; its last pad must be [out]. */
export function filter(inputs: readonly RawPicture[], graph: string, pixelFormat: string): Buffer {
  return withFiles(inputs, (files) =>
    run([...files, '-filter_complex', graph, '-map', '[out]', '-frames:v', '1', '-f', 'rawvideo', '-pix_fmt', pixelFormat, '-']),
  )
}

/** SSIM of two pictures inside a rectangle `w:h:x:y` with even edges, all planes together. */
export function ssim(a: RawPicture, b: RawPicture, crop: string): number {
  const graph = `[0]crop=${crop}[a];[1]crop=${crop}[b];[a][b]ssim=stats_file=-[out]`
  const text = withFiles([a, b], (files) =>
    run([...files, '-filter_complex', graph, '-map', '[out]', '-f', 'null', '/dev/null']),
  ).toString()
  return Number(/All:([\d.]+)/.exec(text)?.[1])
}

/** Keeps a picture as PNG, to be looked at. */
export function savePng(picture: RawPicture, file: string): void {
  withFiles([picture], (files) => run([...files, '-vf', 'scale=in_color_matrix=bt709:in_range=tv', '-frames:v', '1', '-y', file]))
}

function withFiles<Result>(pictures: readonly RawPicture[], use: (args: string[]) => Result): Result {
  const directory = mkdtempSync(join(tmpdir(), 'scene-'))
  try {
    const args = pictures.flatMap(({ widthPx, heightPx, pixelFormat, data }, index) => {
      const file = join(directory, `${index}.raw`)
      writeFileSync(file, data)
      return ['-f', 'rawvideo', '-video_size', `${widthPx}x${heightPx}`, '-pixel_format', pixelFormat, '-i', file]
    })
    return use(args)
  } finally {
    rmSync(directory, { recursive: true })
  }
}
