// One received RTP packet (RFC 3550 section 5.1): where its fields lie in the buffer. Nothing is copied.

/** A view of an RTP packet; `buffer` is kept, not copied. */
export interface RtpPacket {
  readonly buffer: Buffer
  readonly marker: boolean
  readonly payloadType: number
  /** 0 to 65535. */
  readonly sequenceNumber: number
  /** 0 to 2^32 - 1, in the track's clock. */
  readonly timestamp: number
  readonly ssrc: number
  readonly payloadStart: number
  /** Behind the last byte of the payload; padding is left out. Equals `payloadStart` for packets of padding only. */
  readonly payloadEnd: number
  /** Of the header extension's content; both 0 without one. */
  readonly extensionStart: number
  readonly extensionEnd: number
}

/** RTCP shares the port with RTP; its packet types 192 to 223 tell it apart (RFC 5761 section 4). */
export const isRtcp = (buffer: Buffer): boolean => buffer.length >= 4 && buffer[1]! >= 192 && buffer[1]! <= 223

/** Finds the fields of an RTP packet; `null` when the bytes are not a whole one. */
export function parseRtpPacket(buffer: Buffer): RtpPacket | null {
  const length = buffer.length
  if (length < 12) return null
  const first = buffer[0]!
  if (first >> 6 !== 2) return null
  let payloadStart = 12 + (first & 0x0f) * 4
  let extensionStart = 0
  let extensionEnd = 0
  if ((first & 0x10) !== 0) {
    if (payloadStart + 4 > length) return null
    extensionStart = payloadStart + 4
    extensionEnd = extensionStart + ((buffer[payloadStart + 2]! << 8) | buffer[payloadStart + 3]!) * 4
    payloadStart = extensionEnd
  }
  const paddingBytes = (first & 0x20) === 0 ? 0 : buffer[length - 1]!
  const payloadEnd = length - paddingBytes
  if (payloadEnd < payloadStart) return null
  const second = buffer[1]!
  return {
    buffer,
    marker: (second & 0x80) !== 0,
    payloadType: second & 0x7f,
    sequenceNumber: (buffer[2]! << 8) | buffer[3]!,
    timestamp: ((buffer[4]! << 24) | (buffer[5]! << 16) | (buffer[6]! << 8) | buffer[7]!) >>> 0,
    ssrc: ((buffer[8]! << 24) | (buffer[9]! << 16) | (buffer[10]! << 8) | buffer[11]!) >>> 0,
    payloadStart,
    payloadEnd,
    extensionStart,
    extensionEnd,
  }
}
