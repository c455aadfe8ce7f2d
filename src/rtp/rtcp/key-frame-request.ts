// Asking for a key frame: PLI (RFC 4585 section 6.3.1) and FIR (RFC 5104 section 4.3.1).
import { RtcpType, rtcpPacket, type RtcpPacket } from './compound.ts'

const FORMAT_PLI = 1
const FORMAT_FIR = 4

/** A picture loss indication. */
export function writePictureLossIndication(senderSsrc: number, mediaSsrc: number): Buffer {
  const packet = rtcpPacket(RtcpType.payloadFeedback, FORMAT_PLI, 12, senderSsrc)
  packet.writeUInt32BE(mediaSsrc, 8)
  return packet
}

/** A full intra request; `commandNumber` rises by one (mod 256) with each new request. */
export function writeFullIntraRequest(senderSsrc: number, mediaSsrc: number, commandNumber: number): Buffer {
  const packet = rtcpPacket(RtcpType.payloadFeedback, FORMAT_FIR, 20, senderSsrc)
  packet.writeUInt32BE(mediaSsrc, 12)
  packet[16] = commandNumber
  return packet
}

/** The streams a PLI or FIR asks a key frame of; none for other packets. */
export function parseKeyFrameRequest({ buffer, type, format, start, end }: RtcpPacket): number[] {
  if (type !== RtcpType.payloadFeedback) return []
  if (format === FORMAT_PLI && end - start >= 12) return [buffer.readUInt32BE(start + 8)]
  const ssrcs: number[] = []
  if (format === FORMAT_FIR) for (let at = start + 12; at + 8 <= end; at += 8) ssrcs.push(buffer.readUInt32BE(at))
  return ssrcs
}
