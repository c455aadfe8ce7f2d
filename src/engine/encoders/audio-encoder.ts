// Sound to AAC-LC, with timestamps that say when the sound is heard, not when the encoder let go of it.
import { AV_CHANNEL_LAYOUT_MONO, AV_CHANNEL_LAYOUT_STEREO, AV_SAMPLE_FMT_FLTP } from 'node-av/constants'
import { type CodecContext, Frame, Packet, Rational } from 'node-av/lib'
import type { AudioEncodeSpec } from '../../mix/mix-spec.ts'
import type { AudioConfig, EncodedPacket } from '../media.ts'
import { checkResult } from './check-result.ts'
import { openEncoderContext } from './codec-context.ts'

/** An AAC frame holds at most this many bits per channel (ISO/IEC 14496-3, 4.5.3.1). */
const MAX_BITS_PER_FRAME = 6144
const SAMPLES_PER_FRAME = 1024

const layouts = { 1: AV_CHANNEL_LAYOUT_MONO, 2: AV_CHANNEL_LAYOUT_STEREO }

export class AudioEncoder {
  readonly config: AudioConfig
  /** Samples per channel and call of `encode`. */
  readonly frameSize: number
  /** What was not done as asked, in a sentence; `null`: nothing. */
  readonly note: string | null
  readonly #context: CodecContext
  readonly #frame = new Frame()
  readonly #packet = new Packet()
  /** Times of the frames that are inside the encoder, oldest first; at most three. */
  readonly #timestampsMs: number[] = []
  #frames = 0n
  #isPrimed = false
  #isClosed = false

  /**
   * Opens an encoder. A bit rate above what AAC can carry at this sample rate is lowered, with a `note`.
   * @throws when the encoder refuses the spec
   */
  static open(spec: AudioEncodeSpec): AudioEncoder {
    const maxKbps = Math.floor((MAX_BITS_PER_FRAME * spec.channels * spec.sampleRateHz) / SAMPLES_PER_FRAME / 1000)
    const bitRateKbps = Math.min(spec.bitRateKbps, maxKbps)
    const context = openEncoderContext(
      'aac',
      (context) => {
        context.sampleRate = spec.sampleRateHz
        context.sampleFormat = AV_SAMPLE_FMT_FLTP
        context.channelLayout = layouts[spec.channels]
        context.bitRate = BigInt(bitRateKbps * 1000)
        context.timeBase = new Rational(1, spec.sampleRateHz)
        context.threadCount = 1
      },
      // Half the CPU of the default coder.
      { aac_coder: 'fast' },
    )
    const note =
      bitRateKbps === spec.bitRateKbps
        ? null
        : `AAC at ${spec.sampleRateHz} Hz with ${spec.channels} channel(s) carries at most ${maxKbps} kbps (got ${spec.bitRateKbps}).`
    return new AudioEncoder(context, { ...spec, bitRateKbps }, note)
  }

  private constructor(context: CodecContext, spec: AudioEncodeSpec, note: string | null) {
    if (context.extraData === null) throw new Error('The encoder gave no stream header.')
    this.#context = context
    this.note = note
    this.frameSize = context.frameSize
    this.config = {
      audioSpecificConfig: Buffer.from(context.extraData),
      sampleRateHz: spec.sampleRateHz,
      channels: spec.channels,
      bitRateKbps: spec.bitRateKbps,
    }
    this.#packet.alloc()
    this.#frame.alloc()
    this.#frame.nbSamples = this.frameSize
    this.#frame.format = AV_SAMPLE_FMT_FLTP
    this.#frame.sampleRate = spec.sampleRateHz
    this.#frame.channelLayout = layouts[spec.channels]
    checkResult(this.#frame.getBuffer(0), 'allocate a sound frame')
  }

  /**
   * Encodes `frameSize` samples per channel, -1 to 1; mono output takes the mean of both.
   * @param timestampMs time of the first sample
   * @returns packets of earlier samples, each with the time its first decoded sample is to be heard. The
   *   encoder's first packet only primes the decoder with sound from before the first sample; it is left out.
   */
  encode(left: Float32Array, right: Float32Array, timestampMs: number): EncodedPacket[] {
    if (left.length !== this.frameSize || right.length !== this.frameSize)
      throw new Error(`The audio encoder takes ${this.frameSize} samples at a time (got ${left.length} and ${right.length}).`)
    this.#fill(left, right)
    this.#frame.pts = this.#frames * BigInt(this.frameSize)
    this.#frames += 1n
    this.#timestampsMs.push(timestampMs)
    checkResult(this.#context.sendFrameSync(this.#frame), 'encode sound')
    return this.#receive()
  }

  /** Idempotent. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#packet.free()
    this.#frame.free()
    this.#context.freeContext()
  }

  #fill(left: Float32Array, right: Float32Array): void {
    // The encoder may still hold the samples of the call before.
    checkResult(this.#frame.makeWritable(), 'reuse a sound frame')
    const [first, second] = (this.#frame.data ?? []).map((plane) => new Float32Array(plane.buffer, plane.byteOffset, this.frameSize))
    if (first === undefined) throw new Error('The sound frame has no samples.')
    if (second === undefined) {
      for (let index = 0; index < this.frameSize; index++) first[index] = ((left[index] ?? 0) + (right[index] ?? 0)) / 2
      return
    }
    first.set(left)
    second.set(right)
  }

  #receive(): EncodedPacket[] {
    const packets: EncodedPacket[] = []
    while (this.#context.receivePacketSync(this.#packet) >= 0) {
      const data = this.#packet.data
      if (data !== null && this.#isPrimed) {
        // Decoding packet n gives the samples of call n - 1: the delay of AAC-LC is exactly one frame.
        packets.push({ kind: 'audio', data: Buffer.from(data), timestampMs: this.#timestampsMs.shift() ?? 0, isKeyFrame: true })
      }
      this.#isPrimed = true
      this.#packet.unref()
    }
    return packets
  }
}
