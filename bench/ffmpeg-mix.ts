// The same mix by the ffmpeg command line: same inputs, rectangles, scaler, encoders and thread counts.
import { FPS, inputs } from './inputs.ts'
import { audioEncode, encode, shownPart, tiles, type MixCase } from './scene.ts'

/**
 * Arguments that mix the case's files to FLV and throw it away.
 * @param realTimeSec read the files no faster than they play, and only this much of them
 */
export function ffmpegMixArgs(mixCase: MixCase, seconds: number, realTimeSec: number | null = null): string[] {
  const pace = realTimeSec === null ? [] : ['-re', '-t', `${realTimeSec}`]
  // One thread for each decoder and for the filters: more cost CPU.
  const files = inputs(mixCase.count, mixCase.size, seconds).flatMap((file) => ['-threads', '1', ...pace, '-i', file])
  const kbps = `${encode.bitRateKbps}k`
  const gop = encode.gopSec * FPS
  return [
    ...['-hide_banner', '-loglevel', 'error', '-nostdin', '-filter_threads', '1', '-filter_complex_threads', '1', ...files],
    ...['-filter_complex', filters(mixCase), '-map', '[picture]', '-map', '[sound]'],
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-tune', 'zerolatency', '-profile:v', 'high', '-threads', '1', '-r', `${FPS}`],
    ...['-b:v', kbps, '-maxrate', kbps, '-bufsize', kbps, '-x264-params', `keyint=${gop}:min-keyint=${gop}:scenecut=0`],
    ...['-c:a', 'aac', '-aac_coder', 'fast', '-b:a', `${audioEncode.bitRateKbps}k`, '-ar', `${audioEncode.sampleRateHz}`, '-ac', '2'],
    ...['-threads:a', '1', '-f', 'flv', '-y', '/dev/null'],
  ]
}

function filters(mixCase: MixCase): string {
  const rects = tiles(mixCase.count)
  const scaled = rects.map((tile, index) => {
    const { xPx, yPx, widthPx, heightPx } = shownPart(mixCase, tile)
    return `[${index}:v]crop=${widthPx}:${heightPx}:${xPx}:${yPx},scale=${tile.widthPx}:${tile.heightPx}:flags=bilinear[t${index}]`
  })
  const names = (prefix: string): string => rects.map((_, index) => `[${prefix}${index}]`).join('')
  const layout = rects.map(({ xPx, yPx }) => `${xPx}_${yPx}`).join('|')
  return [
    ...scaled,
    `${names('t')}xstack=inputs=${rects.length}:layout=${layout}[picture]`,
    `${rects.map((_, index) => `[${index}:a]`).join('')}amix=inputs=${rects.length}:normalize=0[sound]`,
  ].join(';')
}
