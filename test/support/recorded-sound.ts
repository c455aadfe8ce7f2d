// The sound of a recording as Debian's FFmpeg decodes it, on the recording's own time line.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { toneLevel } from '../../src/demo/tone-level.ts'

const run = promisify(execFile)

export interface RecordedSound {
  readonly sampleRateHz: number
  readonly channels: readonly Float32Array[]
  /** Amplitude, 0 to 1, of a tone in the first channel between two instants of the recording. */
  tone(toneHz: number, fromMs?: number, toMs?: number): number
  /** Root of the mean square of everything in the first channel but the given tones. */
  rest(tonesHz: readonly number[], fromMs?: number, toMs?: number): number
  /** Root of the mean square of the first channel. */
  loudness(fromMs?: number, toMs?: number): number
}

/** Decodes at the recording's own rate; sample 0 is instant 0, holes are silence. */
export async function recordedSound(file: string): Promise<RecordedSound> {
  const entries = 'stream=sample_rate,channels'
  const { stdout: described } = await run('ffprobe', [
    '-v',
    'error',
    '-select_streams',
    'a',
    '-show_entries',
    entries,
    '-of',
    'csv=p=0',
    file,
  ])
  const [sampleRateHz = 0, channelCount = 0] = described.split(',').map(Number)
  const args = ['-v', 'error', '-i', file, '-vn', '-af', 'aresample=async=1:first_pts=0', '-f', 'f32le', '-']
  const { stdout } = await run('ffmpeg', args, { maxBuffer: 256 * 1024 * 1024, encoding: 'buffer' })
  const interleaved = new Float32Array(stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + stdout.length - (stdout.length % 4)))
  const channels = Array.from({ length: channelCount }, (_, channel) => interleaved.filter((_, index) => index % channelCount === channel))
  const part = (fromMs = 0, toMs = Infinity): Float32Array =>
    (channels[0] ?? new Float32Array(0)).subarray(...[fromMs, toMs].map((ms) => Math.round((Math.min(ms, 1e8) * sampleRateHz) / 1000)))
  const loudness = (fromMs?: number, toMs?: number): number => rms(part(fromMs, toMs))
  const tone = (toneHz: number, fromMs?: number, toMs?: number): number => toneLevel(part(fromMs, toMs), toneHz, sampleRateHz)
  return {
    sampleRateHz,
    channels,
    tone,
    loudness,
    rest(tonesHz, fromMs, toMs) {
      const power = tonesHz.reduce((left, hz) => left - tone(hz, fromMs, toMs) ** 2 / 2, loudness(fromMs, toMs) ** 2)
      return Math.sqrt(Math.max(0, power))
    },
  }
}

function rms(samples: Float32Array): number {
  let sum = 0
  for (const sample of samples) sum += sample * sample
  return samples.length === 0 ? 0 : Math.sqrt(sum / samples.length)
}
