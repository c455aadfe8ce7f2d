// RTCP sender reports (RFC 3550 section 6.4.1) and the NTP time in them.
import { RtcpType, rtcpPacket, type RtcpPacket } from './compound.ts'

/** Seconds from 1900, where NTP begins, to 1970. */
const NTP_TO_UNIX_SEC = 2_208_988_800

export interface SenderReport {
  readonly ssrc: number
  /** 64-bit NTP time, as two words. */
  readonly ntpSeconds: number
  readonly ntpFraction: number
  /** The sender's RTP clock at that time. */
  readonly rtpTimestamp: number
  readonly packets: number
  /** Of payload. */
  readonly bytes: number
}

/** `null` when the packet is no whole sender report. */
export function parseSenderReport({ buffer, type, start, end }: RtcpPacket): SenderReport | null {
  if (type !== RtcpType.senderReport || end - start < 28) return null
  const word = (index: number): number => buffer.readUInt32BE(start + 4 * index)
  return { ssrc: word(1), ntpSeconds: word(2), ntpFraction: word(3), rtpTimestamp: word(4), packets: word(5), bytes: word(6) }
}

/** A sender report without report blocks; counters are cut to 32 bits. */
export function writeSenderReport(report: SenderReport): Buffer {
  const packet = rtcpPacket(RtcpType.senderReport, 0, 28, report.ssrc)
  const words = [report.ntpSeconds, report.ntpFraction, report.rtpTimestamp, report.packets, report.bytes]
  words.forEach((value, index) => packet.writeUInt32BE(value >>> 0, 8 + 4 * index))
  return packet
}

/** The report's wall clock in Unix milliseconds, with fraction. */
export const ntpToUnixMs = (report: Pick<SenderReport, 'ntpSeconds' | 'ntpFraction'>): number =>
  (report.ntpSeconds - NTP_TO_UNIX_SEC) * 1000 + (report.ntpFraction * 1000) / 2 ** 32

/** The middle 32 bits of the NTP time, by which a receiver report names the sender report it saw. */
export const compactNtp = (report: Pick<SenderReport, 'ntpSeconds' | 'ntpFraction'>): number =>
  (((report.ntpSeconds & 0xffff) << 16) | (report.ntpFraction >>> 16)) >>> 0
