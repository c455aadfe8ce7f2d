// Joins the payloads of one video track, given in order, into whole encoded frames. Pure.
import type { RtpPacket } from '../../../rtp/packet.ts'

/** Bytes of one frame; larger ones are damaged by definition. */
const MAX_FRAME_BYTES = 8 << 20

/** One whole access unit as a decoder takes it. */
export interface EncodedFrame {
  readonly data: Buffer
  /** RTP timestamp, 0 to 2^32 - 1. */
  readonly timestamp: number
  readonly isKeyFrame: boolean
}

/** A frame of which not all packets have come yet. */
export interface OpenFrame {
  readonly timestamp: number
  /** Packets were lost right before the frame's first: it may lack its beginning. */
  readonly followsGap: boolean
  readonly parts: Buffer[]
  isKeyFrame: boolean
  isDamaged: boolean
}

/** What a codec's RTP payload format adds. */
export interface PayloadFormat {
  /** Adds what a payload (never empty) carries; sets `isKeyFrame`, and `isDamaged` where something is missing. */
  append(frame: OpenFrame, payload: Buffer): void
  /** The frame's bytes; null: there is no picture in it. May still set `isDamaged`. */
  finish(frame: OpenFrame): Buffer | null
  /** Whether a key frame begins with this payload, so that nothing before it is needed. */
  beginsKeyFrame(payload: Buffer): boolean
}

export interface FrameHandler {
  frame(frame: EncodedFrame): void
  /** A frame was left out because part of it is missing or makes no sense. */
  damaged(): void
}

export class FrameAssembler {
  readonly #format: PayloadFormat
  readonly #handler: FrameHandler
  #frame: OpenFrame | null = null
  #bytes = 0
  #followsGap = true

  constructor(format: PayloadFormat, handler: FrameHandler) {
    this.#format = format
    this.#handler = handler
  }

  /** Takes the next packet in order. A frame ends with its marker, or with the first packet of another timestamp. */
  push({ buffer, payloadStart, payloadEnd, timestamp, marker }: RtpPacket): void {
    if (payloadEnd === payloadStart) return
    if (this.#frame !== null && this.#frame.timestamp !== timestamp) this.#finish()
    this.#frame ??= { timestamp, followsGap: this.#followsGap, parts: [], isKeyFrame: false, isDamaged: false }
    this.#followsGap = false
    this.#bytes += payloadEnd - payloadStart
    if (this.#bytes > MAX_FRAME_BYTES) {
      this.#frame.isDamaged = true
      this.#frame.parts.length = 0
    }
    if (!this.#frame.isDamaged) this.#format.append(this.#frame, buffer.subarray(payloadStart, payloadEnd))
    if (marker) this.#finish()
  }

  /** Packets are missing before the next one. */
  gap(): void {
    this.#followsGap = true
    this.#bytes = 0
    if (this.#frame === null) return
    this.#frame = null
    this.#handler.damaged()
  }

  #finish(): void {
    const frame = this.#frame!
    this.#frame = null
    this.#bytes = 0
    const data = frame.isDamaged ? null : this.#format.finish(frame)
    // Asked again: only finishing a frame may show that it is not whole.
    if (frame.isDamaged) this.#handler.damaged()
    else if (data !== null) this.#handler.frame({ data, timestamp: frame.timestamp, isKeyFrame: frame.isKeyFrame })
  }
}
