// Decodes the pictures that reach an RTMP sink, one by one as they arrive.
import { VideoDecoder } from '../src/engine/decoders/video-decoder.ts'
import type { Arrival } from './rtmp-sink.ts'

const startCode = Buffer.of(0, 0, 0, 1)
const headBytes = 5

/** The brightness of one decoded picture. */
export interface Luma {
  readonly samples: Uint8Array
  readonly strideBytes: number
}

export class ArrivingPictures {
  readonly #decoder = new VideoDecoder('h264')
  #parameterSets: Buffer = Buffer.alloc(0)

  /** The luma of a video packet's picture, valid until the next call; null for a configuration. */
  decode({ body, timestampMs }: Arrival): Luma | null {
    if (body[1] === 0) {
      this.#parameterSets = parameterSetsOf(body.subarray(headBytes))
      return null
    }
    const isKeyFrame = body.readUInt8(0) >> 4 === 1
    const units = annexB(body.subarray(headBytes))
    const data = isKeyFrame ? Buffer.concat([this.#parameterSets, units]) : units
    const frame = this.#decoder.decode({ data, timestamp: timestampMs * 90, isKeyFrame })?.[0]
    const samples = frame?.data?.[0]
    if (frame === undefined || samples === undefined) throw new Error(`The picture at ${timestampMs} ms cannot be decoded.`)
    const luma = { samples: Buffer.from(samples), strideBytes: frame.linesize[0] ?? 0 }
    this.#decoder.recycle(frame)
    return luma
  }

  close(): void {
    this.#decoder.close()
  }
}

/** Length-prefixed NAL units with start codes instead. */
function annexB(units: Buffer): Buffer {
  const copy = Buffer.from(units)
  for (let at = 0; at < copy.length;) {
    const length = copy.readUInt32BE(at)
    startCode.copy(copy, at)
    at += 4 + length
  }
  return copy
}

/** SPS and PPS of an avcC (ISO/IEC 14496-15, 5.3.3.1) as Annex B. */
function parameterSetsOf(avcC: Buffer): Buffer {
  const parts: Buffer[] = []
  let at = 5
  for (const mask of [0x1f, 0xff]) {
    for (let left = avcC.readUInt8(at++) & mask; left > 0; left--) {
      const length = avcC.readUInt16BE(at)
      parts.push(startCode, avcC.subarray(at + 2, at + 2 + length))
      at += 2 + length
    }
  }
  return Buffer.concat(parts)
}
