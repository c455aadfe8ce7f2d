// How fast to read a voice so that it stays at its play-out time: not at all different, slightly, or by a jump. Pure.

/** Places (48 kHz) off target at which steering begins, 5 ms, and ends, 0.25 ms. */
const BEGIN = 240
const END = 12
/** An error is worked off over about 2 s, but never at more than 1.2 %: a fifth of a semitone. */
const WORK_OFF = 2 * 48_000
const MAX_BEND = 0.012
/** Faster than any clock drifts, so that steering comes to its end. */
const MIN_BEND = 0.001
/** 60 ms: too far to be worked off soon enough. */
const JUMP = 2880

/** What to read next: `sampleCount` samples evenly spread over these places. */
export interface SteeringStep {
  readonly from: number
  readonly to: number
  /** `from` is not where reading stopped: crossfade. */
  readonly isJump: boolean
}

export class Steering {
  #isSteering = false

  /**
   * @param place where reading stopped
   * @param target the place due now
   * @param isSilent nobody would hear a jump now
   */
  next(place: number, target: number, sampleCount: number, isSilent: boolean): SteeringStep {
    const error = target - place
    const distance = Math.abs(error)
    if (distance > JUMP || (isSilent && distance > BEGIN)) {
      this.#isSteering = false
      const from = Math.round(target)
      return { from, to: from + sampleCount, isJump: true }
    }
    if (distance > BEGIN) this.#isSteering = true
    else if (distance < END) this.#isSteering = false
    const bend = this.#isSteering ? Math.sign(error) * Math.min(MAX_BEND, Math.max(MIN_BEND, distance / WORK_OFF)) : 0
    // On target, the step ends on a whole place, from where samples are copied as they are.
    const to = place + sampleCount * (1 + bend)
    return { from: place, to: this.#isSteering ? to : Math.round(to), isJump: false }
  }
}
