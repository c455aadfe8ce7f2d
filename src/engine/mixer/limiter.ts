// Keeps the mix below full scale: a short look-ahead limiter for stereo at 48 kHz. Pure.

const CEILING = 0.98
/** Look-ahead: gain is decided per millisecond and moves in a straight line between decisions. */
const BLOCK = 48
/** Share of the way back to full gain per millisecond: about 150 ms. */
const RELEASE = 1 - Math.exp(-1 / 150)

/** The sound comes out this much later than it went in. */
export const LIMITER_DELAY_SAMPLES = 2 * BLOCK

/**
 * Guarantees that no sample leaves above 0.98 and that nothing at or below it, with no louder sound
 * around, is changed. Both channels get the same gain, so that directions stay.
 */
export class Limiter {
  readonly #left = new Float32Array(LIMITER_DELAY_SAMPLES)
  readonly #right = new Float32Array(LIMITER_DELAY_SAMPLES)
  #at = 0
  /** Gains at the start and the end of the block going out. */
  #from = 1
  #to = 1
  /** Gains that the block going out next and the one coming in may have at most. */
  #allowedNext = 1
  #allowedIn = 1

  /** Replaces both channels, of equal length, by what went in 96 samples before, limited. */
  process(left: Float32Array, right: Float32Array): void {
    for (let index = 0; index < left.length; index++) {
      const phase = this.#at % BLOCK
      if (phase === 0) this.#decide()
      const l = left[index]!
      const r = right[index]!
      const peak = Math.max(Math.abs(l), Math.abs(r))
      if (peak * this.#allowedIn > CEILING) this.#allowedIn = CEILING / peak
      const gain = this.#from + ((this.#to - this.#from) * phase) / BLOCK
      left[index] = this.#left[this.#at]! * gain
      right[index] = this.#right[this.#at]! * gain
      this.#left[this.#at] = l
      this.#right[this.#at] = r
      this.#at = (this.#at + 1) % LIMITER_DELAY_SAMPLES
    }
  }

  /** A gain between two blocks must suit both: then every gain on the line between does. */
  #decide(): void {
    this.#from = this.#to
    this.#to = Math.min(this.#from + (1 - this.#from) * RELEASE, this.#allowedNext, this.#allowedIn)
    this.#allowedNext = this.#allowedIn
    this.#allowedIn = 1
  }
}
