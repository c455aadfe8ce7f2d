// The words the engine's parts hand each other: encoded packets and what a receiver must know first.

/** One encoded access unit or audio frame. */
export interface EncodedPacket {
  readonly kind: 'video' | 'audio'
  /** Video: NAL units, each behind a 4-byte big-endian length. Audio: one raw AAC frame. */
  readonly data: Buffer
  /** Milliseconds since the task's first start; rises strictly per kind. */
  readonly timestampMs: number
  readonly isKeyFrame: boolean
}

export interface VideoConfig {
  /** AVCDecoderConfigurationRecord (ISO/IEC 14496-15). */
  readonly avcC: Buffer
  readonly widthPx: number
  readonly heightPx: number
  readonly fps: number
  readonly bitRateKbps: number
}

export interface AudioConfig {
  /** AudioSpecificConfig (ISO/IEC 14496-3). */
  readonly audioSpecificConfig: Buffer
  readonly sampleRateHz: number
  readonly channels: 1 | 2
  readonly bitRateKbps: number
}
