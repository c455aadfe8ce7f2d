// Decodes one H.264 or VP8 track in this thread, picture by picture, with frames used again.
import { AV_CODEC_FLAG_LOW_DELAY, AV_FRAME_FLAG_CORRUPT } from 'node-av/constants'
import { Codec, CodecContext, Frame, Packet, Rational } from 'node-av/lib'
import type { EncodedFrame } from '../sources/depacketizer/frame-assembler.ts'

/** FFmpeg's decoder by the track's codec. */
const DECODERS = { h264: 'h264', vp8: 'vp8' } as const

export type VideoCodec = keyof typeof DECODERS

export class VideoDecoder {
  readonly #context: CodecContext
  readonly #packet = new Packet()
  /** Frames free for use; as many as were ever out at once. */
  readonly #free: Frame[] = []
  #isClosed = false

  /** @throws {Error} when FFmpeg refuses to open the decoder */
  constructor(codec: VideoCodec) {
    const found = Codec.findDecoderByName(DECODERS[codec] as Parameters<typeof Codec.findDecoderByName>[0])
    if (found === null) throw new Error(`This FFmpeg has no decoder for ${codec}.`)
    this.#packet.alloc()
    this.#context = new CodecContext()
    this.#context.allocContext3(found)
    // One thread a track: more cost delay and CPU.
    this.#context.threadCount = 1
    this.#context.pktTimebase = new Rational(1, 90_000)
    this.#context.setFlags(AV_CODEC_FLAG_LOW_DELAY)
    const result = this.#context.open2Sync(found, null)
    if (result < 0) throw new Error(`Opening the ${codec} decoder failed with code ${result}.`)
  }

  /**
   * Decodes one access unit.
   * @returns the pictures it completes, usually one, each to be given back by `recycle`; null when
   * it cannot be decoded or came out damaged
   */
  decode(unit: EncodedFrame): Frame[] | null {
    this.#packet.data = unit.data
    this.#packet.pts = BigInt(unit.timestamp)
    this.#packet.isKeyframe = unit.isKeyFrame
    const result = this.#context.sendPacketSync(this.#packet)
    this.#packet.unref()
    const pictures: Frame[] = []
    let isWhole = result >= 0
    for (;;) {
      const frame = this.#take()
      if (this.#context.receiveFrameSync(frame) < 0) {
        this.#free.push(frame)
        break
      }
      isWhole &&= frame.decodeErrorFlags === 0 && !frame.hasFlags(AV_FRAME_FLAG_CORRUPT)
      pictures.push(frame)
    }
    if (isWhole) return pictures
    for (const picture of pictures) this.recycle(picture)
    return null
  }

  /** Gives a picture back; it must not be used any more. */
  recycle(picture: Frame): void {
    if (this.#isClosed) {
      picture.free()
      return
    }
    picture.unref()
    this.#free.push(picture)
  }

  /** Frees the decoder; pictures still out stay valid until they are recycled. Idempotent. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    for (const frame of this.#free.splice(0)) frame.free()
    this.#packet.free()
    this.#context.freeContext()
  }

  #take(): Frame {
    const free = this.#free.pop()
    if (free !== undefined) return free
    const frame = new Frame()
    frame.alloc()
    return frame
  }
}
