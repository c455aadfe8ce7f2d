// Band-limited reading of samples between samples: a windowed sinc table. Pure.

const TAPS = 16
const PHASES = 1024
/** Samples needed before and behind a place that is read. */
export const READ_MARGIN = TAPS / 2

const table = ((): Float32Array => {
  const weights = new Float32Array(PHASES * TAPS)
  for (let phase = 0; phase < PHASES; phase++) {
    let sum = 0
    for (let tap = 0; tap < TAPS; tap++) {
      const x = tap - (READ_MARGIN - 1) - phase / PHASES
      const angle = (Math.PI * x) / READ_MARGIN
      // Blackman window over the taps.
      const window = Math.abs(x) >= READ_MARGIN ? 0 : 0.42 + 0.5 * Math.cos(angle) + 0.08 * Math.cos(2 * angle)
      const weight = x === 0 ? 1 : (Math.sin(Math.PI * x) / (Math.PI * x)) * window
      weights[phase * TAPS + tap] = weight
      sum += weight
    }
    for (let tap = 0; tap < TAPS; tap++) weights[phase * TAPS + tap]! /= sum
  }
  return weights
})()

/**
 * Reads `output.length` samples of a ring from `place` on, `rate` places apart. The ring's length
 * must be a power of two and hold `READ_MARGIN` samples around all that is read.
 */
export function readFractional(ring: Float32Array, place: number, rate: number, output: Float32Array): void {
  const mask = ring.length - 1
  const whole = Math.floor(place)
  let fraction = place - whole
  let base = whole - (READ_MARGIN - 1)
  for (let index = 0; index < output.length; index++) {
    const weights = Math.min(PHASES - 1, Math.floor(fraction * PHASES)) * TAPS
    let sum = 0
    for (let tap = 0; tap < TAPS; tap++) sum += ring[(base + tap) & mask]! * table[weights + tap]!
    output[index] = sum
    fraction += rate
    const steps = Math.floor(fraction)
    fraction -= steps
    base += steps
  }
}
