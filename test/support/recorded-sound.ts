// The sound of a recording as Debian's FFmpeg decodes it, on the recording's own time line.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { toneLevel } from '../../src/demo/tone-level.ts'

const run = promisify(execFile)

/** As far apart as windows of 100 ms can tell. */
const scannedHz = Array.from({ length: 390 }, (_, index) => 100 + index * 10)
/** The foot of a window. */
const toneWidthHz = 40
/** A voice that is brought to its play-out time is off pitch by up to 1.2 % meanwhile. */
const offPitch = [0.988, 0.991, 0.994, 0.997, 1, 1.003, 1.006, 1.009, 1.012]

export interface RecordedSound {
  readonly sampleRateHz: number
  readonly channels: readonly Float32Array[]
  /** Amplitude, 0 to 1, of a tone in the first channel between two instants of the recording. */
  tone(toneHz: number, fromMs?: number, toMs?: number): number
  /** Amplitude of the loudest frequency up to 4 kHz that is none of the given tones. */
  loudestOther(tonesHz: readonly number[], fromMs?: number, toMs?: number): number
  /** Loudness of the quietest and the loudest 20 ms. */
  extremes(fromMs: number, toMs: number): { readonly quietest: number; readonly loudest: number }
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
  const tone = (toneHz: number, fromMs?: number, toMs?: number): number => steeredToneLevel(part(fromMs, toMs), toneHz, sampleRateHz)
  return {
    sampleRateHz,
    channels,
    tone,
    loudness,
    loudestOther(tonesHz, fromMs, toMs) {
      const others = scannedHz.filter((hz) => tonesHz.every((toneHz) => Math.abs(hz - toneHz) > toneWidthHz))
      return Math.max(...others.map((hz) => toneLevel(part(fromMs, toMs), hz, sampleRateHz)))
    },
    extremes(fromMs, toMs) {
      const starts = Array.from({ length: Math.floor((toMs - fromMs) / 20) }, (_, index) => fromMs + index * 20)
      const levels = starts.map((start) => loudness(start, start + 20))
      return { quietest: Math.min(...levels), loudest: Math.max(...levels) }
    },
  }
}

/** As `toneLevel`, but each window may be off pitch. */
function steeredToneLevel(samples: Float32Array, toneHz: number, sampleRateHz: number): number {
  const windowSamples = Math.round(sampleRateHz / 10)
  const windows = Array.from({ length: Math.floor(samples.length / windowSamples) }, (_, index) =>
    samples.subarray(index * windowSamples, (index + 1) * windowSamples),
  )
  const levels = windows.map((window) => Math.max(...offPitch.map((factor) => toneLevel(window, toneHz * factor, sampleRateHz))))
  return levels.length === 0 ? 0 : levels.reduce((sum, level) => sum + level, 0) / levels.length
}

function rms(samples: Float32Array): number {
  let sum = 0
  for (const sample of samples) sum += sample * sample
  return samples.length === 0 ? 0 : Math.sqrt(sum / samples.length)
}
