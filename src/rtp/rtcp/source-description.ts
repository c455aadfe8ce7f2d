// RTCP source descriptions (RFC 3550 section 6.5): the canonical name that ties streams together.
import { RtcpType, rtcpPacket, type RtcpPacket } from './compound.ts'

const ITEM_CNAME = 1

/** A source description of one source with its canonical name (at most 255 bytes of UTF-8). */
export function writeSourceDescription(ssrc: number, canonicalName: string): Buffer {
  const name = Buffer.from(canonicalName)
  // One zero byte at least ends the list of items.
  const packet = rtcpPacket(RtcpType.sourceDescription, 1, 8 + ((2 + name.length + 1 + 3) & ~3), ssrc)
  packet[8] = ITEM_CNAME
  packet[9] = name.length
  name.copy(packet, 10)
  return packet
}

/** The canonical name of the packet's first source; `null` without one. */
export function parseCanonicalName({ buffer, type, start, end }: RtcpPacket): string | null {
  if (type !== RtcpType.sourceDescription) return null
  for (let at = start + 8; at + 2 <= end && buffer[at] !== 0; at += 2 + buffer[at + 1]!) {
    if (buffer[at] === ITEM_CNAME) return buffer.toString('utf8', at + 2, Math.min(end, at + 2 + buffer[at + 1]!))
  }
  return null
}
