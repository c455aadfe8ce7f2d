// Debian's ffprobe and ffmpeg as judges of what we made.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024

export interface ProbedPacket {
  readonly codec_type: 'video' | 'audio'
  /** Seconds. */
  readonly pts_time: string
  readonly dts_time: string
  readonly flags: string
  readonly size: string
}

export interface ProbedStream {
  readonly codec_type: 'video' | 'audio'
  readonly codec_name: string
  readonly profile?: string
  readonly width?: number
  readonly height?: number
  readonly r_frame_rate: string
  readonly color_space?: string
  readonly color_range?: string
  readonly sample_rate?: string
  readonly channels?: number
  /** Frames that could be decoded. */
  readonly nb_read_frames: string
}

export interface Probe {
  readonly video: ProbedStream | undefined
  readonly audio: ProbedStream | undefined
  readonly packets: readonly ProbedPacket[]
  readonly durationSec: number
  /** What the decoders complained about; not that a server stored our metadata as a stream of its own. */
  readonly complaints: string
}

/** Reads and decodes everything. */
export async function ffprobe(file: string): Promise<Probe> {
  const args = ['-v', 'warning', '-count_frames', '-show_streams', '-show_packets', '-show_format', '-of', 'json', file]
  const { stdout, stderr } = await run('ffprobe', args, { maxBuffer: MAX_OUTPUT_BYTES })
  const { streams, packets, format } = JSON.parse(stdout) as {
    streams: ProbedStream[]
    packets: ProbedPacket[]
    format: { duration: string }
  }
  return {
    video: streams.find((stream) => stream.codec_type === 'video'),
    audio: streams.find((stream) => stream.codec_type === 'audio'),
    packets,
    durationSec: Number(format.duration),
    complaints: stderr.replace(/^Unsupported codec with id 0 for input stream \d+\n/gm, ''),
  }
}

/** How many pictures lie between each key frame and the next. */
export function keyFrameDistances({ packets }: Probe): number[] {
  const pictures = packets.filter((packet) => packet.codec_type === 'video')
  const keys = pictures.flatMap((packet, index) => (packet.flags.startsWith('K') ? [index] : []))
  return keys.slice(1).map((key, index) => key - (keys[index] ?? 0))
}

/** The sound as the receiver hears it, the left channel of it, from time 0 on. */
export async function decodeSound(file: string, sampleRateHz: number): Promise<Float32Array> {
  const args = [
    '-v',
    'error',
    '-i',
    file,
    '-af',
    'aresample=async=1:first_pts=0,pan=mono|c0=c0',
    '-ar',
    String(sampleRateHz),
    '-f',
    'f32le',
    '-',
  ]
  const { stdout } = await run('ffmpeg', args, { maxBuffer: MAX_OUTPUT_BYTES, encoding: 'buffer' })
  return new Float32Array(stdout.buffer, stdout.byteOffset, Math.floor(stdout.length / 4))
}
