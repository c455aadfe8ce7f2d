// Reading RTP header extensions in their one-byte and two-byte forms (RFC 8285 section 4).
import type { RtpPacket } from './packet.ts'

/** Names of the extensions we negotiate, as they stand in `a=extmap`. */
export const ExtensionUri = {
  mid: 'urn:ietf:params:rtp-hdrext:sdes:mid',
  rid: 'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id',
  repairedRid: 'urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id',
  transportSequence: 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  absoluteSendTime: 'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
} as const

/** Packs where an element's data lies: `offset * 256 + length`; -1 when the packet does not carry `id`. */
function locate({ buffer, extensionStart, extensionEnd }: RtpPacket, id: number): number {
  if (extensionEnd === 0) return -1
  const profile = (buffer[extensionStart - 4]! << 8) | buffer[extensionStart - 3]!
  const oneByte = profile === 0xbede
  if (!oneByte && (profile & 0xfff0) !== 0x1000) return -1
  let at = extensionStart
  while (at < extensionEnd) {
    const head = buffer[at]!
    if (head === 0) {
      at += 1
      continue
    }
    const elementId = oneByte ? head >> 4 : head
    if (oneByte && elementId === 15) return -1
    const data = oneByte ? at + 1 : at + 2
    if (data > extensionEnd) return -1
    const length = oneByte ? (head & 0x0f) + 1 : buffer[at + 1]!
    if (data + length > extensionEnd) return -1
    if (elementId === id) return data * 256 + length
    at = data + length
  }
  return -1
}

/** An extension that holds a number of 16 bits, such as the transport-wide sequence number; -1 when absent. */
export function extensionUint16(packet: RtpPacket, id: number): number {
  const found = locate(packet, id)
  if (found < 0 || (found & 0xff) < 2) return -1
  const offset = found >>> 8
  return (packet.buffer[offset]! << 8) | packet.buffer[offset + 1]!
}

/** An extension that holds text, such as mid or rid; `null` when absent. */
export function extensionText(packet: RtpPacket, id: number): string | null {
  const found = locate(packet, id)
  if (found < 0) return null
  const offset = found >>> 8
  return packet.buffer.toString('latin1', offset, offset + (found & 0xff))
}
