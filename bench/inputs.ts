// The inputs every cost figure shares: made once by ffmpeg, used by both sides of a comparison.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface InputSize {
  readonly widthPx: number
  readonly heightPx: number
  readonly kbps: number
}

export const sizes = {
  '720p': { widthPx: 1280, heightPx: 720, kbps: 1500 },
  '360p': { widthPx: 640, heightPx: 360, kbps: 600 },
} as const satisfies Record<string, InputSize>

export type SizeName = keyof typeof sizes

export const FPS = 15

const directory = join(tmpdir(), 'tributary-bench')

/**
 * Files of moving pictures (H.264, 15 fps, a key frame every 2 s, as browsers send them) with a tone each (Opus).
 * @returns one path per participant
 */
export function inputs(count: number, size: SizeName, seconds: number): string[] {
  mkdirSync(directory, { recursive: true })
  return Array.from({ length: count }, (_, index) => {
    const file = join(directory, `${size}-${seconds}s-${index}.mkv`)
    if (!existsSync(file)) make(file, sizes[size], index, seconds)
    return file
  })
}

function make(file: string, { widthPx, heightPx, kbps }: InputSize, index: number, seconds: number): void {
  const picture = `testsrc2=size=${widthPx}x${heightPx}:rate=${FPS},hue=h=${index * 40},rotate=angle=0.02*t*${index + 1}`
  const partial = `${file}.part.mkv`
  execFileSync('ffmpeg', [
    ...['-v', 'error', '-y', '-f', 'lavfi', '-i', picture, '-f', 'lavfi', '-i', `sine=frequency=${300 + index * 110}:sample_rate=48000`],
    ...[
      '-t',
      `${seconds}`,
      '-c:v',
      'libx264',
      '-preset',
      'veryfast',
      '-tune',
      'zerolatency',
      '-profile:v',
      'baseline',
      '-pix_fmt',
      'yuv420p',
    ],
    ...[
      '-b:v',
      `${kbps}k`,
      '-maxrate',
      `${kbps}k`,
      '-bufsize',
      `${kbps}k`,
      '-g',
      `${2 * FPS}`,
      '-c:a',
      'libopus',
      '-b:a',
      '48k',
      '-ac',
      '2',
      partial,
    ],
  ])
  renameSync(partial, file)
}
