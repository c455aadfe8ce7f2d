// Cutting a datagram of RTCP into its packets (RFC 3550 section 6.1).

/** RTCP packet types. */
export const RtcpType = {
  senderReport: 200,
  receiverReport: 201,
  sourceDescription: 202,
  bye: 203,
  transportFeedback: 205,
  payloadFeedback: 206,
} as const

/** One RTCP packet inside a datagram. */
export interface RtcpPacket {
  readonly buffer: Buffer
  readonly type: number
  /** Report count, or the feedback message type of RFC 4585. */
  readonly format: number
  /** Of the packet's header. */
  readonly start: number
  readonly end: number
}

/** The packets of a datagram in order; stops at the first that is cut short or not RTCP. */
export function* rtcpPackets(buffer: Buffer): Generator<RtcpPacket> {
  for (let start = 0; start + 4 <= buffer.length;) {
    const end = start + (buffer.readUInt16BE(start + 2) + 1) * 4
    if (end > buffer.length || buffer[start]! >> 6 !== 2) return
    yield { buffer, type: buffer[start + 1]!, format: buffer[start]! & 0x1f, start, end }
    start = end
  }
}

/** A packet of `bytes` bytes (a multiple of four) with its header and sender written, the rest zero. */
export function rtcpPacket(type: number, format: number, bytes: number, senderSsrc: number): Buffer {
  const packet = Buffer.alloc(bytes)
  packet[0] = 0x80 | format
  packet[1] = type
  packet.writeUInt16BE(bytes / 4 - 1, 2)
  packet.writeUInt32BE(senderSsrc, 4)
  return packet
}
