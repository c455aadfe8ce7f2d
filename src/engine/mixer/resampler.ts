// Brings the mix from 48 kHz to the output's sample rate, as a stream.
import { AV_CHANNEL_ORDER_NATIVE, AV_SAMPLE_FMT_FLTP } from 'node-av/constants'
import { SoftwareResampleContext } from 'node-av/lib'
import type { StereoSamples } from './sample-queue.ts'

const MIX_RATE_HZ = 48_000
const STEREO = { nbChannels: 2, order: AV_CHANNEL_ORDER_NATIVE, mask: 3n }

export class Resampler {
  readonly #context: SoftwareResampleContext | null
  #left = new Float32Array(0)
  #right = new Float32Array(0)
  #isClosed = false

  /** @throws {Error} when FFmpeg refuses the rate. At 48000 Hz sound passes through untouched. */
  constructor(outputRateHz: number) {
    if (outputRateHz === MIX_RATE_HZ) {
      this.#context = null
      return
    }
    this.#context = new SoftwareResampleContext()
    const { allocated, opened } = open(this.#context, outputRateHz)
    if (allocated < 0 || opened < 0)
      throw new Error(`Resampling to ${outputRateHz} Hz failed with code ${allocated < 0 ? allocated : opened}.`)
  }

  /** Takes the next samples; what comes out (about as long in time) is valid until the next call. */
  resample(left: Float32Array, right: Float32Array): StereoSamples {
    if (this.#context === null) return { left, right }
    const most = this.#context.getOutSamples(left.length)
    if (this.#left.length < most) {
      this.#left = new Float32Array(most)
      this.#right = new Float32Array(most)
    }
    const count = this.#context.convertSync([bytes(this.#left), bytes(this.#right)], most, [bytes(left), bytes(right)], left.length)
    if (count < 0) throw new Error(`Resampling ${left.length} samples failed with code ${count}.`)
    return { left: this.#left.subarray(0, count), right: this.#right.subarray(0, count) }
  }

  /** Idempotent. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#context?.free()
  }
}

function open(context: SoftwareResampleContext, outputRateHz: number): { allocated: number; opened: number } {
  const allocated = context.allocSetOpts2(STEREO, AV_SAMPLE_FMT_FLTP, outputRateHz, STEREO, AV_SAMPLE_FMT_FLTP, MIX_RATE_HZ)
  return { allocated, opened: allocated < 0 ? allocated : context.init() }
}

const bytes = (samples: Float32Array): Buffer => Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength)
