// Transport-wide congestion control feedback, receiver side (draft-holmer-rmcat-transport-wide-cc-extensions-01 section 3.1):
// notes when each packet of a transport arrived and reports it to the sender, which estimates its bandwidth from it.
import { SequenceUnwrapper } from '../sequence.ts'
import { RtcpType, rtcpPacket } from './compound.ts'

const FORMAT_TRANSPORT_FEEDBACK = 15
const DELTA_UNIT_US = 250
/** The reference time counts 64 ms, that is 256 delta units. */
const UNITS_PER_REFERENCE = 256
/** A packet later than this many behind the reported ones is of no use to the sender. */
const MAX_REORDERING = 500
/** Statuses per feedback packet, so that it stays within one datagram. */
const MAX_STATUSES = 400
/** Longest run before the first arrival that is reported as missing. */
const MAX_LEADING_GAP = 200

const NOT_RECEIVED = 0
const SMALL_DELTA = 1
const LARGE_DELTA = 2

/** Collects arrivals of one transport and writes feedback packets. */
export class TransportFeedback {
  readonly #unwrapper = new SequenceUnwrapper()
  /** Arrival in delta units by place; emptied by each report, so bounded by a report interval's packets. */
  readonly #arrivals = new Map<number, number>()
  #nextPlace: number | null = null
  #feedbackCount = 0

  /** Notes an arrival. Duplicates and very late packets are ignored. */
  add(sequenceNumber: number, nowMs: number): void {
    const place = this.#unwrapper.unwrap(sequenceNumber)
    this.#nextPlace ??= place
    if (place < this.#nextPlace) {
      if (this.#nextPlace - place > MAX_REORDERING) return
      this.#nextPlace = place
    }
    if (!this.#arrivals.has(place)) this.#arrivals.set(place, Math.round((nowMs * 1000) / DELTA_UNIT_US))
  }

  /** Feedback packets for all arrivals since the last call, oldest first; empty when nothing arrived. */
  report(senderSsrc: number, mediaSsrc: number): Buffer[] {
    const places = [...this.#arrivals.keys()].sort((a, b) => a - b)
    const packets: Buffer[] = []
    for (let index = 0; index < places.length;) {
      const first = places[index]!
      const base = Math.max(Math.min(this.#nextPlace ?? first, first), first - MAX_LEADING_GAP)
      const reference = Math.floor(this.#arrivals.get(first)! / UNITS_PER_REFERENCE)
      const statuses: number[] = []
      const deltas: number[] = []
      let previous = reference * UNITS_PER_REFERENCE
      for (; index < places.length; index++) {
        const place = places[index]!
        const delta = this.#arrivals.get(place)! - previous
        if (place - base >= MAX_STATUSES || delta < -0x8000 || delta > 0x7fff) break
        while (statuses.length < place - base) statuses.push(NOT_RECEIVED)
        statuses.push(delta >= 0 && delta <= 0xff ? SMALL_DELTA : LARGE_DELTA)
        deltas.push(delta)
        previous += delta
      }
      this.#nextPlace = base + statuses.length
      packets.push(this.#write(senderSsrc, mediaSsrc, base, reference, statuses, deltas))
    }
    this.#arrivals.clear()
    return packets
  }

  #write(senderSsrc: number, mediaSsrc: number, base: number, reference: number, statuses: number[], deltas: number[]): Buffer {
    const chunks = statusChunks(statuses)
    let bytes = 20 + 2 * chunks.length
    for (const delta of deltas) bytes += delta >= 0 && delta <= 0xff ? 1 : 2
    const paddingBytes = -bytes & 3
    const packet = rtcpPacket(RtcpType.transportFeedback, FORMAT_TRANSPORT_FEEDBACK, bytes + paddingBytes, senderSsrc)
    packet.writeUInt32BE(mediaSsrc, 8)
    packet.writeUInt16BE(base & 0xffff, 12)
    packet.writeUInt16BE(statuses.length, 14)
    packet.writeUIntBE(reference & 0xffffff, 16, 3)
    packet[19] = this.#feedbackCount
    this.#feedbackCount = (this.#feedbackCount + 1) & 0xff
    let at = 20
    for (const chunk of chunks) at = packet.writeUInt16BE(chunk, at)
    for (const delta of deltas) at = delta >= 0 && delta <= 0xff ? packet.writeUInt8(delta, at) : packet.writeInt16BE(delta, at)
    if (paddingBytes > 0) {
      packet[0]! |= 0x20
      packet[packet.length - 1] = paddingBytes
    }
    return packet
  }
}

/** Packs statuses: runs of 15 and more as run lengths, else vectors of 14 one-bit or 7 two-bit symbols. */
function statusChunks(statuses: readonly number[]): number[] {
  const chunks: number[] = []
  for (let at = 0; at < statuses.length;) {
    const status = statuses[at]!
    let run = 1
    while (run < 0x1fff && statuses[at + run] === status) run += 1
    if (run >= 15 || at + run === statuses.length) {
      chunks.push((status << 13) | run)
      at += run
      continue
    }
    const wide = statuses.slice(at, at + 14).indexOf(LARGE_DELTA)
    const bits = wide < 0 ? 1 : 2
    const symbols = wide < 0 ? 14 : 7
    let chunk = wide < 0 ? 0x8000 : 0xc000
    for (let symbol = 0; symbol < symbols; symbol++) chunk |= (statuses[at + symbol] ?? 0) << (14 - bits * (symbol + 1))
    chunks.push(chunk)
    at += symbols
  }
  return chunks
}
