// Stereo to mono. Pure.

/** The mean of both channels, in a new array. */
export function downmix(left: Float32Array, right: Float32Array): Float32Array {
  return left.map((sample, index) => (sample + right[index]!) / 2)
}
