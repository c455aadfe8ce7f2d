// The last packets of one incoming stream, from which retransmissions are answered.
import type { RtpPacket } from '../rtp/packet.ts'

/** A ring over places of the unwrapped sequence; the newest `capacity` places stay. */
export class PacketHistory {
  readonly #packets: (RtpPacket | undefined)[]
  readonly #places: number[]
  readonly #mask: number

  /** @param capacity a power of two */
  constructor(capacity: number) {
    this.#packets = Array.from({ length: capacity })
    this.#places = Array.from({ length: capacity }, () => Number.NaN)
    this.#mask = capacity - 1
  }

  put(place: number, packet: RtpPacket): void {
    const slot = place & this.#mask
    this.#packets[slot] = packet
    this.#places[slot] = place
  }

  get(place: number): RtpPacket | undefined {
    const slot = place & this.#mask
    return this.#places[slot] === place ? this.#packets[slot] : undefined
  }
}
