// Length-prefixed frames on a stream socket: writing them, and cutting a byte stream back into them.
import { FrameKind } from './messages.ts'

/** Longest frame either side accepts; longer ones are a protocol error. */
export const MAX_FRAME_BYTES = 1 << 20

/** A control message as one frame. */
export function controlFrame(message: object): Buffer {
  const json = Buffer.from(JSON.stringify(message))
  const frame = Buffer.allocUnsafe(5 + json.length)
  frame.writeUInt32BE(1 + json.length, 0)
  frame[4] = FrameKind.control
  json.copy(frame, 5)
  return frame
}

/** The nine bytes before an RTP packet of `packetBytes` bytes in a media frame. */
export function mediaHeader(trackId: number, packetBytes: number): Buffer {
  const header = Buffer.allocUnsafe(9)
  header.writeUInt32BE(5 + packetBytes, 0)
  header[4] = FrameKind.media
  header.writeUInt32BE(trackId, 5)
  return header
}

export interface FrameHandler {
  control(message: unknown): void
  /** `packet` aliases the socket's buffer and may be kept: buffers are never reused. */
  media(trackId: number, packet: Buffer): void
}

/** Cuts a byte stream into frames. Throws on a frame that breaks the protocol. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0)
  readonly #handler: FrameHandler

  constructor(handler: FrameHandler) {
    this.#handler = handler
  }

  push(chunk: Buffer): void {
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    while (bytes.length >= 5) {
      const length = bytes.readUInt32BE(0)
      if (length < 1 || length > MAX_FRAME_BYTES) throw new Error(`Feed frame length must be 1 to ${MAX_FRAME_BYTES} (got ${length}).`)
      if (bytes.length < 4 + length) break
      this.#deliver(bytes.subarray(4, 4 + length))
      bytes = bytes.subarray(4 + length)
    }
    this.#rest = bytes
  }

  #deliver(frame: Buffer): void {
    if (frame[0] === FrameKind.control) this.#handler.control(JSON.parse(frame.toString('utf8', 1)))
    else if (frame[0] === FrameKind.media && frame.length >= 5 + 12) this.#handler.media(frame.readUInt32BE(1), frame.subarray(5))
    else throw new Error(`Unknown feed frame of kind ${frame[0]} and ${frame.length} bytes.`)
  }
}
