// Whether an RTP payload is where a key frame begins, for the codecs we forward.
import type { TrackCodec } from '../feed/messages.ts'

const NAL_IDR = 5
const NAL_SPS = 7
const NAL_STAP_A = 24
const NAL_FU_A = 28

/**
 * Whether a payload begins a key frame: H.264 (RFC 6184) an SPS, or an IDR slice for streams
 * whose SPS went before; VP8 (RFC 7741) the first partition of a key frame. Every Opus packet is one.
 */
export function startsKeyFrame(codec: TrackCodec, buffer: Buffer, start: number, end: number): boolean {
  if (codec === 'opus') return true
  if (end <= start) return false
  return codec === 'h264' ? h264StartsKeyFrame(buffer, start, end) : vp8StartsKeyFrame(buffer, start, end)
}

/** Where the VP8 bitstream begins behind the payload descriptor (RFC 7741 section 4.2); may equal `end`. */
export function vp8BitstreamStart(buffer: Buffer, start: number, end: number): number {
  let at = start + 1
  if ((buffer[start]! & 0x80) !== 0 && at < end) {
    const fields = buffer[at++]!
    if ((fields & 0x80) !== 0 && at < end) at += (buffer[at]! & 0x80) !== 0 ? 2 : 1
    if ((fields & 0x40) !== 0) at += 1
    if ((fields & 0x30) !== 0) at += 1
  }
  return Math.min(at, end)
}

function vp8StartsKeyFrame(buffer: Buffer, start: number, end: number): boolean {
  const isFirstPartitionStart = (buffer[start]! & 0x10) !== 0 && (buffer[start]! & 0x07) === 0
  if (!isFirstPartitionStart) return false
  const at = vp8BitstreamStart(buffer, start, end)
  return at < end && (buffer[at]! & 0x01) === 0
}

const beginsKey = (nalType: number): boolean => nalType === NAL_SPS || nalType === NAL_IDR

function h264StartsKeyFrame(buffer: Buffer, start: number, end: number): boolean {
  const type = buffer[start]! & 0x1f
  if (type === NAL_FU_A) return start + 1 < end && (buffer[start + 1]! & 0x80) !== 0 && beginsKey(buffer[start + 1]! & 0x1f)
  if (type !== NAL_STAP_A) return beginsKey(type)
  for (let at = start + 1; at + 2 < end; at += 2 + ((buffer[at]! << 8) | buffer[at + 1]!)) {
    if (beginsKey(buffer[at + 2]! & 0x1f)) return true
  }
  return false
}
