// Sums voices into one stereo sound at 48 kHz that never clips. Pure.
import { Limiter } from './limiter.ts'
import type { StereoSamples } from './sample-queue.ts'

/** Adds a voice's samples to both channels. */
export type Voice = (left: Float32Array, right: Float32Array) => void

/** Sound leaves `LIMITER_DELAY_SAMPLES` after it went in. */
export class Mixer {
  readonly #limiter = new Limiter()
  #left = new Float32Array(0)
  #right = new Float32Array(0)

  /** The sum of all voices, limited to 0.98. Valid until the next call. */
  mix(voices: Iterable<Voice>, sampleCount: number): StereoSamples {
    if (this.#left.length !== sampleCount) {
      this.#left = new Float32Array(sampleCount)
      this.#right = new Float32Array(sampleCount)
    }
    this.#left.fill(0)
    this.#right.fill(0)
    for (const voice of voices) voice(this.#left, this.#right)
    this.#limiter.process(this.#left, this.#right)
    return { left: this.#left, right: this.#right }
  }
}
