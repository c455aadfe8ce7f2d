// How loud one frequency is in a sound (Goertzel's algorithm).

/** Amplitude of a tone, 0 to 1, measured over whole windows of 100 ms and averaged. */
export function toneLevel(samples: Float32Array, toneHz: number, sampleRateHz: number): number {
  const windowSamples = Math.round(sampleRateHz / 10)
  const coefficient = 2 * Math.cos((2 * Math.PI * toneHz) / sampleRateHz)
  let sum = 0
  let windows = 0
  for (let start = 0; start + windowSamples <= samples.length; start += windowSamples) {
    let [before, last] = [0, 0]
    for (let index = start; index < start + windowSamples; index++) {
      const now = (samples[index] ?? 0) + coefficient * last - before
      before = last
      last = now
    }
    sum += (2 * Math.sqrt(Math.max(0, last * last + before * before - coefficient * last * before))) / windowSamples
    windows++
  }
  return windows === 0 ? 0 : sum / windows
}
