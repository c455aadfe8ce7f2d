// Debian's ffmpeg as the audience of a mix: notes when each picture came, and reads its tiles afterwards.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { flvTags } from '../../src/demo/flv-tags.ts'
import { pictureShows, type MixShape, type ShownPicture } from './shown-picture.ts'

/** A picture as it came off the wire. */
export interface PlayedPicture {
  readonly timestampMs: number
  /** Unix ms. */
  readonly arrivedAt: number
  readonly isKeyFrame: boolean
}

export interface MixPlayer {
  /** So far. */
  readonly pictures: readonly PlayedPicture[]
  /** How long pictures have come as they were sent; the first ones come late and at once, after ffmpeg has looked at them. */
  readonly playingMs: number
  /** Arrivals of sound, with their timestamps. */
  readonly sounds: readonly Omit<PlayedPicture, 'isKeyFrame'>[]
  /** What was played, timestamps as they came. */
  readonly file: string
  /** Ends playing; resolves when the file is whole. */
  stop(): Promise<void>
  /** Every picture with what its tiles show; after `stop`. */
  decode(shape: MixShape): Promise<ShownPicture[]>
  /** Removes the file. */
  close(): Promise<void>
}

/** Plays a live stream, and goes on when its publisher is replaced; may begin before there is one. */
export function playMix(url: string): MixPlayer {
  const directory = mkdtempSync(join(tmpdir(), 'mix-player-'))
  const file = join(directory, 'played.flv')
  const pictures: PlayedPicture[] = []
  const sounds: Omit<PlayedPicture, 'isKeyFrame'>[] = []
  const output = ['-c', 'copy', '-flush_packets', '1', '-f', 'flv', 'pipe:1']
  const ffmpeg = spawn('ffmpeg', ['-v', 'error', '-fpsprobesize', '0', '-copyts', '-i', url, ...output], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exited = once(ffmpeg, 'exit')
  const saved = createWriteStream(file)
  const tags = new PassThrough()
  ffmpeg.stdout.pipe(saved)
  ffmpeg.stdout.pipe(tags)
  const read = (async () => {
    for await (const { kind, isMedia, timestampMs, data } of flvTags(tags)) {
      if (!isMedia) continue
      const arrivedAt = performance.timeOrigin + performance.now()
      if (kind === 'video') pictures.push({ timestampMs, arrivedAt, isKeyFrame: data.readUInt8(0) >> 4 === 1 })
      else sounds.push({ timestampMs, arrivedAt })
    }
  })()
  const stop = async (): Promise<void> => {
    ffmpeg.stdin.end('q')
    // Without anything coming in it does not look at its keyboard.
    const impatience = setTimeout(() => ffmpeg.kill('SIGKILL'), 2000)
    await exited
    clearTimeout(impatience)
    await read
    if (!saved.closed) await once(saved, 'close')
  }
  return {
    pictures,
    get playingMs() {
      return pictures[0] === undefined ? 0 : Date.now() - pictures[0].arrivedAt
    },
    sounds,
    file,
    stop,
    decode: async (shape) => {
      const shown = await decodePictures(file, shape)
      if (shown.length !== pictures.length) throw new Error(`Of ${pictures.length} pictures ffmpeg decodes ${shown.length}.`)
      return shown.map((tiles, index) => ({ ...pictures[index]!, tiles }))
    },
    async close() {
      await stop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** What the tiles of every picture of a file show, as Debian's ffmpeg decodes it. */
export async function decodePictures(file: string, shape: MixShape): Promise<ShownPicture['tiles'][]> {
  const raw = ['-map', '0:v', '-fps_mode', 'passthrough', '-f', 'rawvideo', '-pix_fmt', 'yuv420p', 'pipe:1']
  const ffmpeg = spawn('ffmpeg', ['-v', 'error', '-copyts', '-i', file, ...raw], { stdio: ['ignore', 'pipe', 'inherit'] })
  const pictureBytes = (shape.widthPx * shape.heightPx * 3) / 2
  const shown: ShownPicture['tiles'][] = []
  let chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of ffmpeg.stdout as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    bytes += chunk.length
    while (bytes >= pictureBytes) {
      const all = Buffer.concat(chunks)
      shown.push(pictureShows(all.subarray(0, pictureBytes), shape))
      chunks = [all.subarray(pictureBytes)]
      bytes -= pictureBytes
    }
  }
  return shown
}
