// Receiver estimated maximum bit rate (draft-alvestrand-rmcat-remb-03), sent by receivers of our streams.
import { RtcpType, rtcpPacket, type RtcpPacket } from './compound.ts'

const FORMAT_APPLICATION_LAYER = 15

/** The estimate in bits per second; `null` when the packet is none. */
export function parseRemb({ buffer, type, format, start, end }: RtcpPacket): number | null {
  if (type !== RtcpType.payloadFeedback || format !== FORMAT_APPLICATION_LAYER || end - start < 20) return null
  if (buffer.toString('latin1', start + 12, start + 16) !== 'REMB') return null
  const exponent = buffer[start + 17]! >> 2
  const mantissa = ((buffer[start + 17]! & 0x03) << 16) | buffer.readUInt16BE(start + 18)
  return mantissa * 2 ** exponent
}

/** An estimate for the given streams; `bitsPerSec` is kept to 18 significant bits. */
export function writeRemb(senderSsrc: number, bitsPerSec: number, ssrcs: readonly number[]): Buffer {
  const packet = rtcpPacket(RtcpType.payloadFeedback, FORMAT_APPLICATION_LAYER, 20 + 4 * ssrcs.length, senderSsrc)
  let exponent = 0
  let mantissa = Math.floor(bitsPerSec)
  while (mantissa > 0x3ffff) {
    mantissa = Math.floor(mantissa / 2)
    exponent += 1
  }
  packet.write('REMB', 12, 'latin1')
  packet[16] = ssrcs.length
  packet[17] = (exponent << 2) | (mantissa >> 16)
  packet.writeUInt16BE(mantissa & 0xffff, 18)
  ssrcs.forEach((ssrc, index) => packet.writeUInt32BE(ssrc, 20 + 4 * index))
  return packet
}
