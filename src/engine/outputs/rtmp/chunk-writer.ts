// Messages to chunks (Adobe, RTMP Specification 1.0, 5.3.1).
import type { RtmpMessage } from './message.ts'

const EXTENDED = 0xffffff
const HEADER_BYTES = 12

/**
 * One message as the bytes that go out: a full header, then continuation headers every `chunkSize`
 * bytes. Timestamps from 2^24 - 1 on are extended, in every chunk; beyond 2^32 they wrap.
 */
export function writeMessage(chunkStreamId: number, message: RtmpMessage, chunkSize: number): Buffer {
  const { body } = message
  const timestamp = wrap32(message.timestampMs)
  const extraBytes = timestamp >= EXTENDED ? 4 : 0
  const continuations = Math.max(0, Math.ceil(body.length / chunkSize) - 1)
  const out = Buffer.allocUnsafe(HEADER_BYTES + extraBytes + body.length + continuations * (1 + extraBytes))
  out[0] = chunkStreamId
  out.writeUIntBE(Math.min(timestamp, EXTENDED), 1, 3)
  out.writeUIntBE(body.length, 4, 3)
  out[7] = message.type
  out.writeUInt32LE(message.streamId, 8)
  let offset = HEADER_BYTES
  for (let start = 0; start === 0 || start < body.length; start += chunkSize) {
    if (start > 0) out[offset++] = 0xc0 | chunkStreamId
    if (extraBytes > 0) offset = out.writeUInt32BE(timestamp, offset)
    offset += body.copy(out, offset, start, start + chunkSize)
  }
  return out
}

const wrap32 = (timestampMs: number): number => timestampMs % 2 ** 32
