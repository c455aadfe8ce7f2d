// One outgoing RTP stream: numbers packets, remembers them for retransmission, counts for sender reports.
import { randomInt } from 'node:crypto'
import { writeSenderReport } from '../rtp/rtcp/sender-report.ts'
import { writeSourceDescription } from '../rtp/rtcp/source-description.ts'
import { writeRtpPacket } from '../rtp/write-packet.ts'

/** Packets kept for retransmission, a power of two; older ones are overwritten. */
const historySize = 1024
const ntpToUnixSec = 2_208_988_800

export interface OutgoingStreamOptions {
  readonly payloadType: number
  readonly clockRateHz: number
  readonly canonicalName: string
  readonly send: (packet: Buffer) => void
}

export class OutgoingStream {
  readonly ssrc = randomInt(1, 0xffffffff)
  /** Packets sent, without repetitions. */
  packets = 0
  retransmitted = 0
  readonly #options: OutgoingStreamOptions
  readonly #history: (Buffer | undefined)[] = Array.from({ length: historySize })
  readonly #timestampOffset = randomInt(0xffffffff)
  #sequenceNumber = randomInt(0xffff)
  #bytes = 0

  constructor(options: OutgoingStreamOptions) {
    this.#options = options
  }

  /** Sends the payloads of one frame that belongs to `elapsedMs` of the media's clock; the last one may be marked. */
  sendFrame(payloads: readonly Buffer[], elapsedMs: number, isMarked: boolean): void {
    const { payloadType, send } = this.#options
    for (const [index, payload] of payloads.entries()) {
      const marker = isMarked && index === payloads.length - 1
      const header = { marker, payloadType, sequenceNumber: this.#sequenceNumber, timestamp: this.#timestampAt(elapsedMs), ssrc: this.ssrc }
      const packet = writeRtpPacket(header, [], payload, 0, payload.length)
      this.#history[this.#sequenceNumber & (historySize - 1)] = packet
      this.#sequenceNumber = (this.#sequenceNumber + 1) & 0xffff
      this.packets++
      this.#bytes += payload.length
      send(packet)
    }
  }

  /** Sends again what is still remembered. */
  retransmit(sequenceNumbers: readonly number[]): void {
    for (const sequenceNumber of sequenceNumbers) {
      const packet = this.#history[sequenceNumber & (historySize - 1)]
      if (packet?.readUInt16BE(2) !== sequenceNumber) continue
      this.retransmitted++
      this.#options.send(packet)
    }
  }

  /** Tells the receiver that `unixMs` was `elapsedMs` of the media's clock. */
  sendReport(unixMs: number, elapsedMs: number): void {
    const report = writeSenderReport({
      ssrc: this.ssrc,
      ntpSeconds: Math.floor(unixMs / 1000) + ntpToUnixSec,
      ntpFraction: Math.floor(((unixMs % 1000) / 1000) * 2 ** 32),
      rtpTimestamp: this.#timestampAt(elapsedMs),
      packets: this.packets,
      bytes: this.#bytes,
    })
    this.#options.send(Buffer.concat([report, writeSourceDescription(this.ssrc, this.#options.canonicalName)]))
  }

  #timestampAt(elapsedMs: number): number {
    return (this.#timestampOffset + Math.round((elapsedMs * this.#options.clockRateHz) / 1000)) >>> 0
  }
}
