// Generic negative acknowledgements (RFC 4585 section 6.2.1): which packets are missing.
import { RtcpType, rtcpPacket, type RtcpPacket } from './compound.ts'

const FORMAT_NACK = 1

/** A NACK for sequence numbers in rising order (across the wrap). */
export function writeNack(senderSsrc: number, mediaSsrc: number, sequenceNumbers: readonly number[]): Buffer {
  const items: { first: number; mask: number }[] = []
  for (const sequenceNumber of sequenceNumbers) {
    const last = items.at(-1)
    const distance = last === undefined ? 0 : (sequenceNumber - last.first) & 0xffff
    if (last !== undefined && distance >= 1 && distance <= 16) last.mask |= 1 << (distance - 1)
    else items.push({ first: sequenceNumber & 0xffff, mask: 0 })
  }
  const packet = rtcpPacket(RtcpType.transportFeedback, FORMAT_NACK, 12 + 4 * items.length, senderSsrc)
  packet.writeUInt32BE(mediaSsrc, 8)
  items.forEach(({ first, mask }, index) => {
    packet.writeUInt16BE(first, 12 + 4 * index)
    packet.writeUInt16BE(mask, 14 + 4 * index)
  })
  return packet
}

export interface Nack {
  readonly mediaSsrc: number
  readonly sequenceNumbers: readonly number[]
}

/** `null` when the packet is no NACK. */
export function parseNack({ buffer, type, format, start, end }: RtcpPacket): Nack | null {
  if (type !== RtcpType.transportFeedback || format !== FORMAT_NACK || end - start < 12) return null
  const sequenceNumbers: number[] = []
  for (let at = start + 12; at < end; at += 4) {
    const first = buffer.readUInt16BE(at)
    const mask = buffer.readUInt16BE(at + 2)
    sequenceNumbers.push(first)
    for (let bit = 0; bit < 16; bit++) if ((mask & (1 << bit)) !== 0) sequenceNumbers.push((first + bit + 1) & 0xffff)
  }
  return { mediaSsrc: buffer.readUInt32BE(start + 8), sequenceNumbers }
}
