// Encodes a synthetic participant's tone as Opus, 20 ms at a time.
import { Codec, CodecContext, Frame, Packet, Rational } from 'node-av'
import { AV_CHANNEL_LAYOUT_STEREO, AV_SAMPLE_FMT_FLT, FF_ENCODER_LIBOPUS } from 'node-av/constants'

/** Samples per channel in one Opus frame of 20 ms at 48 kHz. */
export const opusFrameSamples = 960
const sampleRateHz = 48_000
/** About -10 dBFS: several tones together stay below full scale. */
const amplitude = 0.3

export class ToneSource {
  readonly #context = new CodecContext()
  readonly #packet = new Packet()
  readonly #samples = Buffer.alloc(opusFrameSamples * 2 * 4)
  readonly #toneHz: number
  #position = 0
  #closed = false

  constructor(toneHz: number) {
    this.#toneHz = toneHz
    const encoder = Codec.findEncoderByName(FF_ENCODER_LIBOPUS)
    if (encoder === null) throw new Error('FFmpeg has no encoder libopus.')
    const context = this.#context
    context.allocContext3(encoder)
    context.sampleRate = sampleRateHz
    context.channelLayout = AV_CHANNEL_LAYOUT_STEREO
    context.sampleFormat = AV_SAMPLE_FMT_FLT
    context.timeBase = new Rational(1, sampleRateHz)
    context.bitRate = 64_000n
    const code = context.open2Sync(encoder, null)
    if (code < 0) throw new Error(`FFmpeg failed at opening libopus (error ${code}).`)
    this.#packet.alloc()
  }

  /** The next 20 ms; `null` while the encoder fills up. Valid until the next call. */
  encode(): Buffer | null {
    for (let index = 0; index < opusFrameSamples; index++) {
      const value = amplitude * Math.sin((2 * Math.PI * this.#toneHz * (this.#position + index)) / sampleRateHz)
      this.#samples.writeFloatLE(value, index * 8)
      this.#samples.writeFloatLE(value, index * 8 + 4)
    }
    const frame = Frame.fromAudioBuffer(this.#samples, {
      nbSamples: opusFrameSamples,
      format: AV_SAMPLE_FMT_FLT,
      sampleRate: sampleRateHz,
      channelLayout: AV_CHANNEL_LAYOUT_STEREO,
      timeBase: { num: 1, den: sampleRateHz },
    })
    frame.pts = BigInt(this.#position)
    this.#position += opusFrameSamples
    const code = this.#context.sendFrameSync(frame)
    frame.free()
    if (code < 0) throw new Error(`FFmpeg failed at encoding sound (error ${code}).`)
    this.#packet.unref()
    return this.#context.receivePacketSync(this.#packet) < 0 ? null : this.#packet.data
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#packet.free()
    this.#context.freeContext()
  }
}
