// Bodies of FLV tags, which are also the bodies of RTMP messages (Adobe, Video File Format Specification 10.1, annex E).
import type { AudioConfig, EncodedPacket, VideoConfig } from '../media.ts'
import { encodeAmf0, encodeEcmaArray } from './amf0.ts'

const AVC = 7
const KEY_FRAME = 1
const INTER_FRAME = 2
/** AAC, 44 kHz, 16 bit, stereo: fixed for AAC, the true values are in the AudioSpecificConfig. */
const AAC_FLAGS = 0xaf

/** What a receiver must know before the packets; `null` for a stream without picture. */
export interface FlvHeaders {
  /** Data tag: `@setDataFrame`, `onMetaData`. */
  readonly metadata: Buffer
  readonly video: Buffer | null
  readonly audio: Buffer
}

/** Headers of a stream. */
export function flvHeaders(video: VideoConfig | null, audio: AudioConfig): FlvHeaders {
  return {
    metadata: metadataBody(video, audio),
    video: video === null ? null : Buffer.concat([Buffer.of((KEY_FRAME << 4) | AVC, 0, 0, 0, 0), video.avcC]),
    audio: Buffer.concat([Buffer.of(AAC_FLAGS, 0), audio.audioSpecificConfig]),
  }
}

/** Body of the tag that carries one packet; composition time is 0, as there are no B-frames. */
export function flvBody(packet: EncodedPacket): Buffer {
  const head =
    packet.kind === 'video' ? Buffer.of(((packet.isKeyFrame ? KEY_FRAME : INTER_FRAME) << 4) | AVC, 1, 0, 0, 0) : Buffer.of(AAC_FLAGS, 1)
  return Buffer.concat([head, packet.data])
}

function metadataBody(video: VideoConfig | null, audio: AudioConfig): Buffer {
  const picture =
    video === null
      ? {}
      : {
          width: video.widthPx,
          height: video.heightPx,
          framerate: video.fps,
          videodatarate: video.bitRateKbps,
          videocodecid: AVC,
        }
  const sound = {
    audiodatarate: audio.bitRateKbps,
    audiosamplerate: audio.sampleRateHz,
    audiosamplesize: 16,
    stereo: audio.channels === 2,
    audiocodecid: 10,
    encoder: 'Tributary',
  }
  return Buffer.concat([encodeAmf0('@setDataFrame', 'onMetaData'), encodeEcmaArray({ ...picture, ...sound })])
}
