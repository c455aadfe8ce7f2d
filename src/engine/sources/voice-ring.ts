// The decoded sound of one track on its own time line, with what is missing made up. Pure.
import { pitchLag } from './pitch-lag.ts'
import { READ_MARGIN, readFractional } from './fractional-reader.ts'

/** Samples at 48 kHz kept: 1.4 s. Older ones are overwritten. */
const CAPACITY = 1 << 16
const MASK = CAPACITY - 1
/** Made-up sound fades away over 40 ms. */
const FADE_OUT = 1920
/** Real sound comes back, and joins, over 5 ms. */
const FADE_IN = 240
/** Over 1 ms every repetition takes over exactly where the sound before it ended. */
const JOIN = 48
/** How much later than the ring's end is a new time line. */
const FAR = CAPACITY / 2

/** A `place` counts samples at 48 kHz on the track's RTP time line. */
export class VoiceRing {
  readonly #channels = [new Float32Array(CAPACITY), new Float32Array(CAPACITY)] as const
  /** Behind the last sample, real or made up; null while empty. */
  #end: number | null = null
  /** Samples made up since the last real one. */
  #madeUp = FADE_OUT
  #lag = 0

  get isEmpty(): boolean {
    return this.#end === null
  }

  /** Whether everything from `place` on is made-up silence. */
  isSilentFrom(place: number): boolean {
    return this.#end === null || this.#end - place <= this.#madeUp - FADE_OUT
  }

  /**
   * Adds real sound. A hole before it is filled with a fading repetition of what was last said.
   * @param playedTo places before this one were played already and stay as they are
   * @returns samples that came too late
   */
  write(place: number, left: Float32Array, right: Float32Array, playedTo: number): number {
    if (this.#end === null || Math.abs(place - this.#end) > FAR) this.#startAt(place)
    this.#extendTo(place)
    const end = place + left.length
    const from = Math.max(place, Math.min(Math.ceil(playedTo), end), this.#end! - this.#madeUp)
    if (from < end) {
      const fade = this.#madeUp === 0 ? 0 : Math.min(FADE_IN, end - from)
      this.#extendTo(from + fade)
      this.#merge(this.#channels[0], left, place, from, fade)
      this.#merge(this.#channels[1], right, place, from, fade)
      this.#end = end
      this.#madeUp = 0
    }
    return Math.max(0, Math.min(end, Math.ceil(playedTo)) - place)
  }

  /**
   * Reads both channels from `place` on, `rate` places a sample; what is not there is made up.
   * Whole places at rate 1 come out exactly.
   */
  read(place: number, rate: number, left: Float32Array, right: Float32Array): void {
    if (this.#end === null) {
      left.fill(0)
      right.fill(0)
      return
    }
    this.#extendTo(Math.ceil(place + rate * left.length) + READ_MARGIN)
    if (rate === 1 && Number.isInteger(place)) {
      copyOut(this.#channels[0], place, left)
      copyOut(this.#channels[1], place, right)
      return
    }
    readFractional(this.#channels[0], place, rate, left)
    readFractional(this.#channels[1], place, rate, right)
  }

  #startAt(place: number): void {
    for (const channel of this.#channels) channel.fill(0)
    this.#end = place
    this.#madeUp = FADE_OUT
  }

  #merge(channel: Float32Array, samples: Float32Array, place: number, from: number, fade: number): void {
    for (let at = from; at < place + samples.length; at++) {
      const weight = at - from < fade ? (at - from) / fade : 1
      const index = at & MASK
      channel[index] = channel[index]! * (1 - weight) + samples[at - place]! * weight
    }
  }

  #extendTo(place: number): void {
    const end = this.#end!
    if (place <= end) return
    if (place - end > FAR) return this.#startAt(place)
    if (this.#madeUp === 0) this.#lag = pitchLag(this.#channels[0], this.#channels[1], end)
    for (const channel of this.#channels) this.#makeUp(channel, end, place)
    this.#madeUp += place - end
    this.#end = place
  }

  #makeUp(channel: Float32Array, from: number, to: number): void {
    const lag = this.#lag
    const real = from - this.#madeUp
    const step = channel[(real - 1) & MASK]! - channel[(real - 1 - lag) & MASK]!
    for (let at = from; at < to; at++) {
      const age = at - real
      if (age >= FADE_OUT) channel[at & MASK] = 0
      else {
        const repeated = channel[(at - lag * (Math.floor(age / lag) + 1)) & MASK]!
        const joined = repeated + step * Math.max(0, 1 - (age % lag) / JOIN)
        channel[at & MASK] = joined * (1 - age / FADE_OUT)
      }
    }
  }
}

function copyOut(channel: Float32Array, place: number, output: Float32Array): void {
  const start = place & MASK
  const first = Math.min(output.length, CAPACITY - start)
  output.set(channel.subarray(start, start + first))
  if (first < output.length) output.set(channel.subarray(0, output.length - first), first)
}
