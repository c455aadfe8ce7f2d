// RTCP receiver reports (RFC 3550 section 6.4.2): what arrived of each stream.
import { RtcpType, rtcpPacket, type RtcpPacket } from './compound.ts'

export interface ReportBlock {
  readonly ssrc: number
  /** Of the packets since the last report, in 256ths. */
  readonly fractionLost: number
  /** Since the start, -2^23 to 2^23 - 1; negative with duplicates. */
  readonly cumulativeLost: number
  /** 16 bits of wraps, 16 bits of sequence number. */
  readonly highestSequence: number
  /** In the stream's clock. */
  readonly jitter: number
  /** Compact NTP of the last sender report; 0: none seen. */
  readonly lastSenderReport: number
  /** In 65536ths of a second. */
  readonly delaySinceLastSenderReport: number
}

/** A receiver report of up to 31 blocks; without blocks it may stand first in a compound packet. */
export function writeReceiverReport(senderSsrc: number, blocks: readonly ReportBlock[]): Buffer {
  const packet = rtcpPacket(RtcpType.receiverReport, blocks.length, 8 + 24 * blocks.length, senderSsrc)
  blocks.forEach((block, index) => {
    const at = 8 + 24 * index
    packet.writeUInt32BE(block.ssrc, at)
    packet[at + 4] = block.fractionLost
    packet.writeIntBE(Math.max(-0x800000, Math.min(0x7fffff, block.cumulativeLost)), at + 5, 3)
    packet.writeUInt32BE(block.highestSequence >>> 0, at + 8)
    packet.writeUInt32BE(block.jitter >>> 0, at + 12)
    packet.writeUInt32BE(block.lastSenderReport, at + 16)
    packet.writeUInt32BE(block.delaySinceLastSenderReport >>> 0, at + 20)
  })
  return packet
}

/** The blocks of a receiver or sender report; none for other packets. */
export function parseReportBlocks({ buffer, type, format, start, end }: RtcpPacket): ReportBlock[] {
  const first = type === RtcpType.receiverReport ? start + 8 : type === RtcpType.senderReport ? start + 28 : end
  const blocks: ReportBlock[] = []
  for (let at = first; at + 24 <= end && blocks.length < format; at += 24) {
    blocks.push({
      ssrc: buffer.readUInt32BE(at),
      fractionLost: buffer[at + 4]!,
      cumulativeLost: buffer.readIntBE(at + 5, 3),
      highestSequence: buffer.readUInt32BE(at + 8),
      jitter: buffer.readUInt32BE(at + 12),
      lastSenderReport: buffer.readUInt32BE(at + 16),
      delaySinceLastSenderReport: buffer.readUInt32BE(at + 20),
    })
  }
  return blocks
}
