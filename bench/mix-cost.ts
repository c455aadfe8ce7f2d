// CPU of a whole mix against the ffmpeg command line doing the same, and against decoding and encoding alone.
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ffmpegMixArgs } from './ffmpeg-mix.ts'
import type { Figure, Measurement } from './figure.ts'
import { costSec } from './process-cost.ts'
import type { MixCase } from './scene.ts'

const SECONDS = 40

const offlineMix = fileURLToPath(new URL('offline-mix.ts', import.meta.url))

/** Goals of the ratios. */
const cases: readonly (MixCase & { readonly againstFfmpeg: number; readonly againstCodecs: number | null })[] = [
  { count: 2, size: '720p', againstFfmpeg: 0.95, againstCodecs: null },
  { count: 4, size: '720p', againstFfmpeg: 0.85, againstCodecs: 1.15 },
  { count: 9, size: '360p', againstFfmpeg: 0.95, againstCodecs: null },
]

export const mixCost: Figure = {
  name: 'mix-cost',
  title: 'CPU of a mix from files',
  method: `A: the engine's decoders, compositor, mixer and encoders in one Node process, from ${SECONDS} s of H.264 and Opus in files to FLV tag bodies, as fast as it goes. B: the ffmpeg command line with the same crops, bilinear scaling, x264 settings, AAC coder (fast) and one thread each, amix without a limiter, to FLV in /dev/null. C: A without compositing and mixing, encoding pictures and sound that A made before. User and system time of the whole processes, start included; A, B and C in turn, one ratio a turn.`,
  async measure({ runs }) {
    const measurements: Measurement[] = []
    for (const one of cases) measurements.push(...(await measureCase(one, runs)))
    return measurements
  },
}

async function measureCase({ count, size, againstFfmpeg, againstCodecs }: (typeof cases)[number], runs: number): Promise<Measurement[]> {
  const made = join(tmpdir(), `tributary-bench-canvas-${process.pid}`)
  const ours = (mode: string): Promise<number> => costSec(process.execPath, [offlineMix, mode, `${count}`, size, `${SECONDS}`, made])
  const ffmpeg = ffmpegMixArgs({ count, size }, SECONDS)
  const [mix, cli, codecs]: [number[], number[], number[]] = [[], [], []]
  try {
    await ours('canvases')
    for (let run = 0; run < runs; run++) {
      mix.push(await ours('mix'))
      cli.push(await costSec('ffmpeg', ffmpeg))
      codecs.push(await ours('codecs'))
    }
  } finally {
    for (const ending of ['yuv', 'pcm']) rmSync(`${made}.${ending}`, { force: true })
  }
  const ratios = (of: readonly number[], to: readonly number[]): number[] => of.map((cost, run) => cost / (to[run] ?? Number.NaN))
  const name = `${count} x ${size} to 720p15`
  return [
    { what: `${name}: CPU against ffmpeg`, unit: 'ratio', values: ratios(mix, cli), goal: { statistic: 'median', atMost: againstFfmpeg } },
    {
      what: `${name}: CPU against decode + encode alone`,
      unit: 'ratio',
      values: ratios(mix, codecs),
      goal: againstCodecs === null ? null : { statistic: 'median', atMost: againstCodecs },
    },
    {
      what: `${name}: CPU for a second of media`,
      unit: 'ms',
      values: mix.map((cost) => (cost * 1000) / SECONDS),
      goal: null,
    },
  ]
}
