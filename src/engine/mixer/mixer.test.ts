import { expect, test } from 'vitest'
import { LIMITER_DELAY_SAMPLES } from './limiter.ts'
import { Mixer, type Voice } from './mixer.ts'
import { Resampler } from './resampler.ts'

const RATE_HZ = 48_000

/** A voice of `seconds` of a function of time, and the mix of some of them as one array. */
const voiceOf =
  (wave: (sec: number) => number): ((chunk: number, count: number) => Voice) =>
  (chunk, count) =>
  (left, right) => {
    for (let index = 0; index < count; index++) {
      left[index]! += wave((chunk * count + index) / RATE_HZ)
      right[index]! += wave((chunk * count + index) / RATE_HZ)
    }
  }

function mixAll(waves: readonly ((sec: number) => number)[], chunks: number, count = 960): Float32Array {
  const mixer = new Mixer()
  const voices = waves.map(voiceOf)
  const all = new Float32Array(chunks * count)
  for (let chunk = 0; chunk < chunks; chunk++)
    all.set(
      mixer.mix(
        voices.map((voice) => voice(chunk, count)),
        count,
      ).left,
      chunk * count,
    )
  return all
}

const sine =
  (hz: number, amplitude: number) =>
  (sec: number): number =>
    amplitude * Math.sin(2 * Math.PI * hz * sec)
const peak = (samples: Float32Array): number => samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)

test('a single voice passes unchanged, two milliseconds later', () => {
  const mixed = mixAll([sine(440, 0.97)], 50)
  for (let index = LIMITER_DELAY_SAMPLES; index < mixed.length; index++) {
    expect(mixed[index]).toBeCloseTo(sine(440, 0.97)((index - LIMITER_DELAY_SAMPLES) / RATE_HZ), 5)
  }
})

test('chunks of any size give the same sound', () => {
  const waves = [sine(440, 0.8), sine(550, 0.7)]
  const whole = mixAll(waves, 10, 960)
  const pieces = mixAll(waves, 96, 100)
  for (let index = 0; index < whole.length; index++) expect(pieces[index]).toBeCloseTo(whole[index]!, 5)
})

test('many loud voices and sudden peaks never exceed 0.98', () => {
  const burst = (sec: number): number => (sec > 0.2 && sec < 0.3 ? 3 * Math.sin(2 * Math.PI * 6000 * sec) : 0)
  const click = (sec: number): number => (Math.round(sec * RATE_HZ) % 1777 === 0 ? 5 : 0)
  const mixed = mixAll([sine(200, 0.9), sine(233, 0.9), sine(311, 0.9), burst, click], 50)
  expect(peak(mixed)).toBeLessThanOrEqual(0.98001)
  expect(peak(mixed.subarray(9600 * 3))).toBeGreaterThan(0.5)
})

test('after a peak the gain comes back without stepping', () => {
  const mixed = mixAll([sine(300, 0.3), (sec) => (sec > 0.1 && sec < 0.11 ? 2 : 0)], 60)
  const later = mixed.subarray(Math.round(0.9 * RATE_HZ))
  expect(peak(later)).toBeGreaterThan(0.295)
  for (let index = Math.round(0.115 * RATE_HZ); index < mixed.length; index++)
    expect(Math.abs(mixed[index]! - mixed[index - 1]!)).toBeLessThan(0.02)
})

/** Amplitude of one frequency, by correlation. */
function amplitudeAt(samples: Float32Array, hz: number, rateHz: number): number {
  let re = 0
  let im = 0
  samples.forEach((sample, index) => {
    re += sample * Math.cos((2 * Math.PI * hz * index) / rateHz)
    im += sample * Math.sin((2 * Math.PI * hz * index) / rateHz)
  })
  return (2 * Math.hypot(re, im)) / samples.length
}

test.each([44_100, 32_000, 24_000, 16_000, 8000])(
  'resampling to %i Hz keeps length, tone and channels, and removes what cannot be kept',
  (rateHz) => {
    const resampler = new Resampler(rateHz)
    const left: number[] = []
    const right: number[] = []
    for (let chunk = 0; chunk < 100; chunk++) {
      const at = (index: number): number => (chunk * 960 + index) / RATE_HZ
      const l = Float32Array.from({ length: 960 }, (_, index) => sine(1000, 0.5)(at(index)) + sine(23_000, 0.4)(at(index)))
      const out = resampler.resample(
        l,
        l.map((_, index) => sine(700, 0.25)(at(index))),
      )
      left.push(...out.left)
      right.push(...out.right)
    }
    resampler.close()
    resampler.close()
    expect(Math.abs(left.length - 2 * rateHz)).toBeLessThan(rateHz / 400)
    const settled = Float32Array.from(left.slice(rateHz / 2, (rateHz * 3) / 2))
    expect(amplitudeAt(settled, 1000, rateHz)).toBeCloseTo(0.5, 2)
    if (rateHz < 40_000) expect(peak(settled)).toBeLessThan(0.51)
    expect(amplitudeAt(Float32Array.from(right.slice(rateHz / 2, (rateHz * 3) / 2)), 700, rateHz)).toBeCloseTo(0.25, 2)
  },
)

test('48000 Hz passes through untouched', () => {
  const samples = Float32Array.of(1, 2, 3)
  expect(new Resampler(48_000).resample(samples, samples)).toEqual({ left: samples, right: samples })
})
