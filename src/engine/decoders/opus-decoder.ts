// Decodes one Opus track to 48 kHz stereo in this thread.
import { AV_CHANNEL_ORDER_NATIVE, AV_SAMPLE_FMT_FLTP } from 'node-av/constants'
import { Codec, CodecContext, Frame, Packet, Rational } from 'node-av/lib'

/** Both channels of decoded sound; views into native memory, valid until the decoder's next call. */
export interface DecodedSound {
  readonly left: Float32Array
  readonly right: Float32Array
}

export const OPUS_RATE_HZ = 48_000

export class OpusDecoder {
  readonly #context: CodecContext
  readonly #packet = new Packet()
  readonly #frame = new Frame()
  #isClosed = false

  /** @throws {Error} when FFmpeg refuses to open the decoder */
  constructor() {
    const codec = Codec.findDecoderByName('opus' as Parameters<typeof Codec.findDecoderByName>[0])
    if (codec === null) throw new Error('This FFmpeg has no decoder for opus.')
    this.#packet.alloc()
    this.#frame.alloc()
    this.#context = new CodecContext()
    this.#context.allocContext3(codec)
    this.#context.threadCount = 1
    this.#context.pktTimebase = new Rational(1, OPUS_RATE_HZ)
    this.#context.sampleRate = OPUS_RATE_HZ
    // Without a header the decoder takes the channels from here: mono packets come out on both.
    this.#context.channelLayout = { nbChannels: 2, order: AV_CHANNEL_ORDER_NATIVE, mask: 3n }
    const result = this.#context.open2Sync(codec, null)
    if (result < 0) throw new Error(`Opening the opus decoder failed with code ${result}.`)
  }

  /**
   * Decodes one packet.
   * @param payload must not be empty: that would end the decoder's stream
   * @returns null when the packet makes no sense
   */
  decode(payload: Buffer): DecodedSound | null {
    this.#packet.data = payload
    const result = this.#context.sendPacketSync(this.#packet)
    this.#packet.unref()
    if (result < 0) return null
    this.#frame.unref()
    if (this.#context.receiveFrameSync(this.#frame) < 0) return null
    const { data, nbSamples, format } = this.#frame
    const left = data?.[0]
    if (left === undefined || format !== AV_SAMPLE_FMT_FLTP) return null
    const right = data?.[1] ?? left
    return {
      left: new Float32Array(left.buffer, left.byteOffset, nbSamples),
      right: new Float32Array(right.buffer, right.byteOffset, nbSamples),
    }
  }

  /** Idempotent. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#frame.free()
    this.#packet.free()
    this.#context.freeContext()
  }
}
