// Makes RTP packets of encoded media, as a browser would, for tests of what receives them.
import { writeRtpPacket } from '../../src/rtp/write-packet.ts'

const MAX_PAYLOAD_BYTES = 1100
const STAP_A = 24
const FU_A = 28

/** H.264 (RFC 6184): parameter sets and SEI together in STAP-A, large units in FU-A. */
export function packetizeH264(units: readonly Buffer[], maxBytes = MAX_PAYLOAD_BYTES): Buffer[] {
  const payloads: Buffer[] = []
  let small: Buffer[] = []
  const flush = (): void => {
    if (small.length === 1) payloads.push(small[0]!)
    if (small.length > 1)
      payloads.push(Buffer.concat([Buffer.from([0x60 | STAP_A]), ...small.flatMap((unit) => [uint16(unit.length), unit])]))
    small = []
  }
  for (const unit of units) {
    if ((unit[0]! & 0x1f) > 5 && unit.length < 200) {
      small.push(unit)
      continue
    }
    flush()
    if (unit.length <= maxBytes) payloads.push(unit)
    else payloads.push(...fragments(unit, maxBytes))
  }
  flush()
  return payloads
}

function fragments(unit: Buffer, maxBytes: number): Buffer[] {
  const payloads: Buffer[] = []
  for (let at = 1; at < unit.length; at += maxBytes) {
    const flags = (at === 1 ? 0x80 : 0) | (at + maxBytes >= unit.length ? 0x40 : 0)
    const head = Buffer.from([(unit[0]! & 0xe0) | FU_A, flags | (unit[0]! & 0x1f)])
    payloads.push(Buffer.concat([head, unit.subarray(at, at + maxBytes)]))
  }
  return payloads
}

/** VP8 (RFC 7741) with 15-bit picture ids. */
export function packetizeVp8(frame: Buffer, pictureId: number, maxBytes = MAX_PAYLOAD_BYTES): Buffer[] {
  const payloads: Buffer[] = []
  for (let at = 0; at < frame.length; at += maxBytes) {
    const head = Buffer.from([0x80 | (at === 0 ? 0x10 : 0), 0x80, 0x80 | ((pictureId >> 8) & 0x7f), pictureId & 0xff])
    payloads.push(Buffer.concat([head, frame.subarray(at, at + maxBytes)]))
  }
  return payloads
}

/** Numbers payloads as one RTP stream. */
export class RtpStream {
  #sequence: number
  readonly #payloadType: number
  readonly #ssrc: number

  constructor({ sequence = 65_500, payloadType = 96, ssrc = 0x1234 } = {}) {
    this.#sequence = sequence
    this.#payloadType = payloadType
    this.#ssrc = ssrc
  }

  /** The packets of one frame; the last has the marker, unless the frame is of sound. */
  frame(payloads: readonly Buffer[], timestamp: number, hasMarker = true): Buffer[] {
    return payloads.map((payload, index) => {
      const header = {
        marker: hasMarker && index === payloads.length - 1,
        payloadType: this.#payloadType,
        sequenceNumber: this.#sequence++ & 0xffff,
        timestamp: timestamp >>> 0,
        ssrc: this.#ssrc,
      }
      return writeRtpPacket(header, [], payload, 0, payload.length)
    })
  }
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}
