// Encodes a synthetic participant's pictures: one whole frame in, one encoded frame out, key frames when asked.
import {
  AV_CODEC_FLAG_LOW_DELAY,
  AV_PICTURE_TYPE_I,
  AV_PICTURE_TYPE_NONE,
  AV_PIX_FMT_YUV420P,
  AVCOL_PRI_BT709,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_BT709,
  AVCOL_SPC_SMPTE170M,
  AVCOL_TRC_BT709,
  FF_ENCODER_LIBVPX_VP8,
  FF_ENCODER_LIBX264,
} from 'node-av/constants'
import { Codec, CodecContext, Frame, Packet, Rational } from 'node-av'
import { TestPicture, type TestPictureOptions } from './test-picture.ts'

export interface VideoSourceOptions extends Omit<TestPictureOptions, 'matrix'> {
  readonly codec: 'h264' | 'vp8'
  readonly fps: number
  readonly bitRateKbps: number
}

/** Encoder and the options that make it answer each frame at once. The profile is what WebRTC offers as 42e01f. */
const encoders = {
  h264: {
    name: FF_ENCODER_LIBX264,
    matrix: 'bt709',
    options: { preset: 'ultrafast', tune: 'zerolatency', profile: 'baseline', 'forced-idr': '1' },
  },
  vp8: {
    name: FF_ENCODER_LIBVPX_VP8,
    matrix: 'bt601',
    options: { deadline: 'realtime', 'cpu-used': '8', 'lag-in-frames': '0', 'error-resilient': '1' },
  },
} as const

/** Receivers ask for key frames; this is the distance without any. */
const longestGopSec = 10

export class VideoSource {
  readonly #context = new CodecContext()
  readonly #frame: Frame
  readonly #packet = new Packet()
  readonly #picture: TestPicture
  #count = 0n
  #closed = false

  /** @throws {Error} naming encoder and option when FFmpeg refuses them */
  constructor(options: VideoSourceOptions) {
    const { widthPx, heightPx, fps, bitRateKbps, codec } = options
    const { name, matrix, options: settings } = encoders[codec]
    const encoder = Codec.findEncoderByName(name)
    if (encoder === null) throw new Error(`FFmpeg has no encoder ${name}.`)
    this.#picture = new TestPicture({ ...options, matrix })
    const context = this.#context
    context.allocContext3(encoder)
    context.width = widthPx
    context.height = heightPx
    context.pixelFormat = AV_PIX_FMT_YUV420P
    context.timeBase = new Rational(1, fps)
    context.framerate = new Rational(fps, 1)
    context.gopSize = fps * longestGopSec
    context.maxBFrames = 0
    context.threadCount = 1
    context.bitRate = BigInt(bitRateKbps * 1000)
    context.rcMaxRate = context.bitRate
    context.rcBufferSize = bitRateKbps * 500
    context.colorSpace = matrix === 'bt709' ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M
    context.colorPrimaries = AVCOL_PRI_BT709
    context.colorTrc = AVCOL_TRC_BT709
    context.colorRange = AVCOL_RANGE_MPEG
    context.setFlags(AV_CODEC_FLAG_LOW_DELAY)
    for (const [option, value] of Object.entries(settings)) check(context.setOption(option, value), `${name} option ${option}=${value}`)
    check(context.open2Sync(encoder, null), `opening ${name}`)
    // The frame aliases the picture's buffer, which lives as long as this object.
    this.#frame = Frame.fromVideoBuffer(this.#picture.buffer, {
      width: widthPx,
      height: heightPx,
      format: AV_PIX_FMT_YUV420P,
      timeBase: { num: 1, den: fps },
    })
    this.#packet.alloc()
  }

  /**
   * Paints and encodes the picture of an instant (Unix ms).
   * @returns H.264 as Annex B with parameter sets before key frames, or one VP8 frame; valid until the next call
   */
  encode(atMs: number, wantKeyFrame: boolean): Buffer | null {
    this.#picture.paint(atMs)
    this.#frame.pts = this.#count++
    this.#frame.pictType = wantKeyFrame ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE
    check(this.#context.sendFrameSync(this.#frame), 'encoding a picture')
    this.#packet.unref()
    return this.#context.receivePacketSync(this.#packet) < 0 ? null : this.#packet.data
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#packet.free()
    this.#frame.free()
    this.#context.freeContext()
  }
}

function check(code: number, step: string): void {
  if (code < 0) throw new Error(`FFmpeg failed at ${step} (error ${code}).`)
}
