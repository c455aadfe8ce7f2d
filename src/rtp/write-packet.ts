// Writing RTP packets: header, one-byte header extensions (RFC 8285), payload.

/** The fields of a packet to be written. */
export interface RtpHeader {
  readonly marker: boolean
  readonly payloadType: number
  readonly sequenceNumber: number
  readonly timestamp: number
  readonly ssrc: number
}

/** One header extension element: id 1 to 14, 1 to 16 bytes. */
export interface ExtensionElement {
  readonly id: number
  readonly data: Uint8Array
}

/** Writes the twelve fixed bytes of an RTP header without CSRC at `at`. */
export function writeRtpHeader(target: Buffer, at: number, header: RtpHeader, hasExtensions: boolean): void {
  const { sequenceNumber, timestamp, ssrc } = header
  target[at] = hasExtensions ? 0x90 : 0x80
  target[at + 1] = (header.marker ? 0x80 : 0) | header.payloadType
  target[at + 2] = sequenceNumber >>> 8
  target[at + 3] = sequenceNumber
  target[at + 4] = timestamp >>> 24
  target[at + 5] = timestamp >>> 16
  target[at + 6] = timestamp >>> 8
  target[at + 7] = timestamp
  target[at + 8] = ssrc >>> 24
  target[at + 9] = ssrc >>> 16
  target[at + 10] = ssrc >>> 8
  target[at + 11] = ssrc
}

/**
 * A whole RTP packet whose payload is copied from `source[start, end)`.
 * @param originalSequence put before the payload when given: RTX (RFC 4588 section 4)
 */
export function writeRtpPacket(
  header: RtpHeader,
  extensions: readonly ExtensionElement[],
  source: Buffer,
  start: number,
  end: number,
  originalSequence = -1,
): Buffer {
  let extensionBytes = 0
  for (const { data } of extensions) extensionBytes += 1 + data.length
  const paddedBytes = (extensionBytes + 3) & ~3
  let at = 12 + (extensionBytes === 0 ? 0 : 4 + paddedBytes)
  const packet = Buffer.allocUnsafe(at + (originalSequence < 0 ? 0 : 2) + end - start)
  writeRtpHeader(packet, 0, header, extensionBytes > 0)
  if (extensionBytes > 0) {
    packet.writeUInt16BE(0xbede, 12)
    packet.writeUInt16BE(paddedBytes >> 2, 14)
    let element = 16
    for (const { id, data } of extensions) {
      packet[element] = (id << 4) | (data.length - 1)
      packet.set(data, element + 1)
      element += 1 + data.length
    }
    packet.fill(0, element, at)
  }
  if (originalSequence >= 0) {
    packet.writeUInt16BE(originalSequence, at)
    at += 2
  }
  source.copy(packet, at, start, end)
  return packet
}
