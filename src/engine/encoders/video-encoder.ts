// Pictures to H.264: one picture in, its packet out, key frames on a schedule of our own.
import {
  AVCOL_PRI_BT709,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_BT709,
  AVCOL_TRC_BT709,
  AV_PICTURE_TYPE_I,
  AV_PICTURE_TYPE_NONE,
  AV_PIX_FMT_YUV420P,
} from 'node-av/constants'
import { type CodecContext, type Frame, Packet, Rational } from 'node-av/lib'
import type { VideoEncodeSpec } from '../../mix/mix-spec.ts'
import type { EncodedPacket, VideoConfig } from '../media.ts'
import { checkResult } from './check-result.ts'
import { openEncoderContext } from './codec-context.ts'
import { h264Codecs } from './h264-codec.ts'

/**
 * Seconds of bit rate the encoder may borrow. One second lets a key frame be several times the size
 * of its neighbours without a visible pulse, and is what receivers buffer anyway; more would come
 * out as delay on a link that is just wide enough.
 */
const RATE_BUFFER_SEC = 1

export interface VideoEncoderOptions {
  /** 0 lets the encoder choose. */
  readonly threads: number
  readonly codec?: keyof typeof h264Codecs
}

export class VideoEncoder {
  readonly config: VideoConfig
  readonly #context: CodecContext
  readonly #packet = new Packet()
  readonly #fps: number
  #framesPerGop: number
  #framesSinceKey = Infinity
  #frames = 0n
  #wantedBitRateKbps: number
  #bitRateKbps: number
  #inFlight: Promise<unknown> | null = null
  #isClosed = false

  /**
   * Opens an encoder; another size or frame rate needs another one.
   * @throws when the encoder refuses the spec
   */
  static open(spec: VideoEncodeSpec, { threads, codec = 'x264' }: VideoEncoderOptions): VideoEncoder {
    const { encoderName, options } = h264Codecs[codec]
    const context = openEncoderContext(
      encoderName,
      (context) => {
        context.width = spec.widthPx
        context.height = spec.heightPx
        context.pixelFormat = AV_PIX_FMT_YUV420P
        context.sampleAspectRatio = new Rational(1, 1)
        context.timeBase = new Rational(1, spec.fps)
        context.framerate = new Rational(spec.fps, 1)
        context.threadCount = threads
        context.colorRange = AVCOL_RANGE_MPEG
        context.colorSpace = AVCOL_SPC_BT709
        context.colorPrimaries = AVCOL_PRI_BT709
        context.colorTrc = AVCOL_TRC_BT709
        applyBitRate(context, spec.bitRateKbps)
      },
      options,
    )
    return new VideoEncoder(context, spec)
  }

  private constructor(context: CodecContext, spec: VideoEncodeSpec) {
    if (context.extraData === null) throw new Error('The encoder gave no stream header.')
    this.#context = context
    this.#packet.alloc()
    this.#fps = spec.fps
    this.#framesPerGop = framesPerGop(spec.gopSec, spec.fps)
    this.#bitRateKbps = spec.bitRateKbps
    this.#wantedBitRateKbps = spec.bitRateKbps
    this.config = {
      avcC: Buffer.from(context.extraData),
      widthPx: spec.widthPx,
      heightPx: spec.heightPx,
      fps: spec.fps,
      bitRateKbps: spec.bitRateKbps,
    }
  }

  /**
   * Encodes one I420 picture on a pool thread; the caller leaves the frame's pixels alone until then.
   * Every `gopSec * fps`-th picture after a key frame is a key frame, a forced one starts the count anew.
   * @param timestampMs given back with the packet, untouched
   * @throws when a picture is still being encoded, has another size, or the encoder fails
   */
  async encode(frame: Frame, timestampMs: number, forceKeyFrame: boolean): Promise<EncodedPacket | null> {
    if (this.#isClosed) throw new Error('The video encoder is closed.')
    if (this.#inFlight !== null) throw new Error('The video encoder takes one picture at a time.')
    const { widthPx, heightPx } = this.config
    if (frame.width !== widthPx || frame.height !== heightPx)
      throw new Error(`The video encoder takes pictures of ${widthPx} x ${heightPx} (got ${frame.width} x ${frame.height}).`)
    this.#followBitRate()
    this.#framesSinceKey += 1
    const isKeyFrame = forceKeyFrame || this.#framesSinceKey >= this.#framesPerGop
    if (isKeyFrame) this.#framesSinceKey = 0
    frame.pictType = isKeyFrame ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE
    frame.pts = this.#frames
    this.#frames += 1n
    const sent = this.#context.sendFrame(frame)
    this.#inFlight = sent
    try {
      checkResult(await sent, 'encode a picture')
      return this.#receive(timestampMs)
    } finally {
      this.#inFlight = null
      if (this.#isClosed) this.#free()
    }
  }

  /** Takes effect with the next picture. */
  setBitRate(kbps: number): void {
    this.#wantedBitRateKbps = kbps
  }

  /** Key frame distance from now on; counted from the last key frame. */
  setGop(gopSec: number): void {
    this.#framesPerGop = framesPerGop(gopSec, this.#fps)
  }

  /** Frees the encoder, after the picture in flight if there is one; idempotent. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    if (this.#inFlight === null) this.#free()
  }

  #receive(timestampMs: number): EncodedPacket | null {
    if (this.#context.receivePacketSync(this.#packet) < 0) return null
    const { data, isKeyframe } = this.#packet
    const packet: EncodedPacket | null =
      data === null ? null : { kind: 'video', data: Buffer.from(data), timestampMs, isKeyFrame: isKeyframe }
    this.#packet.unref()
    return packet
  }

  /** The context is read on a pool thread while a picture is in flight, so it changes between two only. */
  #followBitRate(): void {
    if (this.#wantedBitRateKbps === this.#bitRateKbps) return
    this.#bitRateKbps = this.#wantedBitRateKbps
    applyBitRate(this.#context, this.#bitRateKbps)
  }

  #free(): void {
    this.#packet.free()
    this.#context.freeContext()
  }
}

const framesPerGop = (gopSec: number, fps: number): number => Math.max(1, Math.round(gopSec * fps))

/** The bit rate is a ceiling as well: uplinks and CDN plans are bought by the peak. */
function applyBitRate(context: CodecContext, kbps: number): void {
  context.bitRate = BigInt(kbps * 1000)
  context.rcMaxRate = BigInt(kbps * 1000)
  context.rcBufferSize = kbps * 1000 * RATE_BUFFER_SEC
}
