// Says whether a recorded mix of the demo is right: rhythm, both colours, moving pictures, both tones.
import type { Frame } from 'node-av'
import { decodeRecording } from './decode-recording.ts'
import { timeCodeAgeMs, timeCodeArea, type TimeCodeArea } from './time-code.ts'
import { toneLevel } from './tone-level.ts'
import { toYuv } from './yuv.ts'

/** A tile that must be seen and a tone that must be heard. */
export interface ExpectedParticipant {
  readonly name: string
  readonly color: number
  readonly toneHz: number
  /** Size of the picture that was sent; it covers the tile, centred. */
  readonly source: { readonly widthPx: number; readonly heightPx: number }
  readonly tile: { readonly xPx: number; readonly yPx: number; readonly widthPx: number; readonly heightPx: number }
}

export interface ExpectedMix {
  readonly widthPx: number
  readonly heightPx: number
  readonly fps: number
  readonly participants: readonly ExpectedParticipant[]
}

export interface Verdict {
  readonly problems: readonly string[]
  readonly frames: number
  readonly fps: number
  /** Longest distance between two pictures, ms. */
  readonly longestGapMs: number
  /** Share of pictures in which each participant's clock went on, by name. */
  readonly freshShare: Readonly<Record<string, number>>
  /** Amplitude of each participant's tone, 0 to 1, by name. */
  readonly toneLevels: Readonly<Record<string, number>>
}

const colorTolerance = 14
const fpsTolerance = 0.03
const leastToneLevel = 0.05
const leastFreshShare = 0.9

/**
 * Decodes a recording (FLV) and judges it against what was mixed.
 * @param fromMs pictures with earlier timestamps are left out: everybody needs a moment to appear
 * @throws {Error} when it cannot be read at all
 */
export async function judgeRecording(file: string, expected: ExpectedMix, fromMs = 0): Promise<Verdict> {
  const judge = new RecordingJudge(expected)
  await decodeRecording(
    file,
    (frame, timeMs) => timeMs >= fromMs && judge.see(frame, timeMs),
    (samples, rateHz) => judge.hear(samples, rateHz),
  )
  return judge.verdict()
}

class RecordingJudge {
  readonly #expected: ExpectedMix
  readonly #timesMs: number[] = []
  readonly #sounds: Float32Array[] = []
  readonly #lastCode = new Map<string, number>()
  readonly #fresh = new Map<string, number>()
  readonly #wrongColors = new Map<string, string>()
  #sampleRateHz = 48_000
  #size = ''

  constructor(expected: ExpectedMix) {
    this.#expected = expected
  }

  see(frame: Frame, timeMs: number): void {
    this.#timesMs.push(timeMs)
    this.#size = `${frame.width} x ${frame.height}`
    const [luma, u, v] = frame.data ?? []
    const [stride = 0, chromaStride = 0] = frame.linesize
    if (luma === undefined || u === undefined || v === undefined) throw new Error('The recording is not in 4:2:0 planes.')
    for (const { name, color, source, tile } of this.#expected.participants) {
      const [x, y] = [tile.xPx + Math.floor(tile.widthPx * 0.08), tile.yPx + Math.floor(tile.heightPx * 0.9)]
      const chroma = (y >> 1) * chromaStride + (x >> 1)
      const seen = [luma[y * stride + x] ?? 0, u[chroma] ?? 0, v[chroma] ?? 0]
      const wanted = toYuv(color)
      const isRight = [wanted.y, wanted.u, wanted.v].every((value, index) => Math.abs(value - (seen[index] ?? 0)) <= colorTolerance)
      if (!isRight) this.#wrongColors.set(name, `YUV ${seen.join(', ')} instead of ${wanted.y}, ${wanted.u}, ${wanted.v}`)
      const code = timeCodeAgeMs(luma, stride, shownArea(source, tile), 0)
      if (code !== null && code !== this.#lastCode.get(name)) this.#fresh.set(name, (this.#fresh.get(name) ?? 0) + 1)
      if (code !== null) this.#lastCode.set(name, code)
    }
  }

  hear(samples: Float32Array, rateHz: number): void {
    this.#sampleRateHz = rateHz
    this.#sounds.push(samples)
  }

  verdict(): Verdict {
    const { fps: wantedFps, widthPx, heightPx, participants } = this.#expected
    const gaps = this.#timesMs.slice(1).map((time, index) => time - (this.#timesMs[index] ?? 0))
    const spanMs = (this.#timesMs.at(-1) ?? 0) - (this.#timesMs[0] ?? 0)
    const fps = spanMs > 0 ? (gaps.length * 1000) / spanMs : 0
    const sound = join(this.#sounds)
    const byName = (valueOf: (participant: ExpectedParticipant) => number) =>
      Object.fromEntries(participants.map((participant) => [participant.name, Number(valueOf(participant).toFixed(3))]))
    const freshShare = byName(({ name }) => (this.#fresh.get(name) ?? 0) / Math.max(1, this.#timesMs.length))
    const toneLevels = byName(({ toneHz }) => toneLevel(sound, toneHz, this.#sampleRateHz))
    const problems = [
      ...(this.#size === `${widthPx} x ${heightPx}`
        ? []
        : [`The picture is ${this.#size || 'missing'} instead of ${widthPx} x ${heightPx}.`]),
      ...(Math.abs(fps / wantedFps - 1) <= fpsTolerance ? [] : [`${fps.toFixed(2)} pictures a second came instead of ${wantedFps}.`]),
      ...participants.flatMap(({ name }) => [
        ...(this.#wrongColors.has(name) ? [`The tile of ${name} shows ${this.#wrongColors.get(name)}.`] : []),
        ...((freshShare[name] ?? 0) >= leastFreshShare
          ? []
          : [`The clock of ${name} went on in only ${freshShare[name]} of the pictures.`]),
        ...((toneLevels[name] ?? 0) >= leastToneLevel ? [] : [`The tone of ${name} is not heard (level ${toneLevels[name]}).`]),
      ]),
    ]
    return {
      problems,
      frames: this.#timesMs.length,
      fps: Number(fps.toFixed(3)),
      longestGapMs: Math.max(0, ...gaps),
      freshShare,
      toneLevels,
    }
  }
}

/** Where the time code of a picture lies once it covers a tile. */
function shownArea(source: ExpectedParticipant['source'], tile: ExpectedParticipant['tile']): Omit<TimeCodeArea, 'widthPx'> {
  const area = timeCodeArea(source.widthPx, source.heightPx)
  const scale = Math.max(tile.widthPx / source.widthPx, tile.heightPx / source.heightPx)
  return {
    xPx: tile.xPx + tile.widthPx / 2 + (area.xPx - source.widthPx / 2) * scale,
    yPx: tile.yPx + tile.heightPx / 2 + (area.yPx - source.heightPx / 2) * scale,
    cellPx: area.cellPx * scale,
  }
}

function join(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
