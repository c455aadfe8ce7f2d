// The port every H.264 encoder fills: x264 today, hardware encoders by one more file and one more line in `h264Codecs`.
import { x264 } from './x264.ts'

export interface H264Codec {
  /** FFmpeg's name of the encoder. */
  readonly encoderName: string
  /**
   * Options that make it answer every picture at once with one access unit of
   * length-prefixed NAL units, give an avcC as extradata, and leave key frames to the caller.
   */
  readonly options: Readonly<Record<string, string>>
}

/** Every H.264 encoder by its name in settings. */
export const h264Codecs = { x264 } as const satisfies Record<string, H264Codec>
