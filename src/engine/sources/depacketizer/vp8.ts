// VP8 in RTP (RFC 7741): payloads to frames.
import { startsKeyFrame, vp8BitstreamStart } from '../../../rtp/key-frame.ts'
import type { OpenFrame, PayloadFormat } from './frame-assembler.ts'

export class Vp8Format implements PayloadFormat {
  append(frame: OpenFrame, payload: Buffer): void {
    const bitstream = payload.subarray(vp8BitstreamStart(payload, 0, payload.length))
    if (bitstream.length === 0) return
    if (frame.parts.length === 0) {
      const isStart = (payload[0]! & 0x10) !== 0 && (payload[0]! & 0x07) === 0
      if (!isStart) frame.isDamaged = true
      frame.isKeyFrame = (bitstream[0]! & 0x01) === 0
    }
    frame.parts.push(bitstream)
  }

  finish(frame: OpenFrame): Buffer | null {
    return frame.parts.length === 0 ? null : Buffer.concat(frame.parts)
  }

  beginsKeyFrame(payload: Buffer): boolean {
    return startsKeyFrame('vp8', payload, 0, payload.length)
  }
}
