// The period at which sound repeats itself, by autocorrelation. Pure.

/** 2.5 to 15 ms at 48 kHz: voices of 66 to 400 Hz. */
const MIN_LAG = 120
const MAX_LAG = 720
const COMPARED = 720
/** Every fourth sample is enough to tell periods apart; the best lag is then looked at closely. */
const COARSE = 4

/**
 * The lag, 120 to 720 samples, at which the sound before `end` is most like itself.
 * @param left ring of power-of-two length, like `right`
 */
export function pitchLag(left: Float32Array, right: Float32Array, end: number): number {
  const mask = left.length - 1
  const likeness = (lag: number): number => {
    let product = 0
    let energy = 0
    for (let back = 1; back <= COMPARED; back += COARSE) {
      const now = left[(end - back) & mask]! + right[(end - back) & mask]!
      const before = left[(end - back - lag) & mask]! + right[(end - back - lag) & mask]!
      product += now * before
      energy += before * before
    }
    return energy === 0 ? -Infinity : product / Math.sqrt(energy)
  }
  const best = (from: number, to: number, step: number): number => {
    let found = from
    let most = -Infinity
    for (let lag = from; lag <= to; lag += step) {
      const value = likeness(lag)
      if (value > most) {
        most = value
        found = lag
      }
    }
    return found
  }
  const coarse = best(MIN_LAG, MAX_LAG, COARSE)
  return best(Math.max(MIN_LAG, coarse - COARSE), Math.min(MAX_LAG, coarse + COARSE), 1)
}
