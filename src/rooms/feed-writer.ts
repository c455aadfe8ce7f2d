// Writes feed frames to a socket in batches: many packets make one system call.
import type { Socket } from 'node:net'
import { controlFrame } from '../feed/framing.ts'
import { FrameKind, type RoomsMessage } from '../feed/messages.ts'
import type { RtpPacket } from '../rtp/packet.ts'
import { writeRtpHeader } from '../rtp/write-packet.ts'

const BATCH_BYTES = 64 * 1024
const BATCH_MS = 4
const RTP_HEADER_BYTES = 12
const MEDIA_HEADER_BYTES = 9

export class FeedWriter {
  readonly #socket: Socket
  #batch = Buffer.allocUnsafe(BATCH_BYTES)
  #used = 0
  #timer: NodeJS.Timeout | null = null

  constructor(socket: Socket) {
    this.#socket = socket
  }

  /** Bytes the receiver has not taken yet. */
  get unsentBytes(): number {
    return this.#socket.writableLength + this.#used
  }

  control(message: RoomsMessage): void {
    const frame = controlFrame(message)
    if (frame.length > BATCH_BYTES) {
      this.flush()
      this.#socket.write(frame)
      return
    }
    const at = this.#reserve(frame.length)
    frame.copy(this.#batch, at)
    this.#used = at + frame.length
  }

  /** A media frame: the packet without header extensions, numbered as given; the track's id is its SSRC. */
  media(trackId: number, packet: RtpPacket, sequenceNumber: number, timestamp: number): void {
    const { marker, payloadType, buffer, payloadStart, payloadEnd } = packet
    const packetBytes = RTP_HEADER_BYTES + payloadEnd - payloadStart
    const at = this.#reserve(MEDIA_HEADER_BYTES + packetBytes)
    const batch = this.#batch
    batch.writeUInt32BE(MEDIA_HEADER_BYTES - 4 + packetBytes, at)
    batch[at + 4] = FrameKind.media
    batch.writeUInt32BE(trackId, at + 5)
    writeRtpHeader(batch, at + MEDIA_HEADER_BYTES, { marker, payloadType, sequenceNumber, timestamp, ssrc: trackId }, false)
    buffer.copy(batch, at + MEDIA_HEADER_BYTES + RTP_HEADER_BYTES, payloadStart, payloadEnd)
    this.#used = at + MEDIA_HEADER_BYTES + packetBytes
  }

  /** Hands everything to the socket now. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    if (this.#used === 0) return
    this.#socket.write(this.#batch.subarray(0, this.#used))
    // The socket keeps what was written; what is left of the buffer serves the next batches.
    this.#batch = this.#batch.subarray(this.#used)
    this.#used = 0
  }

  /** Where a frame of so many bytes goes. */
  #reserve(bytes: number): number {
    if (this.#used + bytes > this.#batch.length) {
      this.flush()
      if (bytes > this.#batch.length || this.#batch.length < BATCH_BYTES / 4) this.#batch = Buffer.allocUnsafe(Math.max(BATCH_BYTES, bytes))
    }
    this.#timer ??= setTimeout(() => this.flush(), BATCH_MS)
    return this.#used
  }
}
