// Puts the packets of one track back into order and decides when a missing one is given up. Pure: time is passed in.
import type { RtpPacket } from '../../rtp/packet.ts'
import { SequenceUnwrapper } from '../../rtp/sequence.ts'

/** Packets held behind a gap; one more gives the gap up. */
const MAX_HELD_PACKETS = 2048
/** A sequence number this far from the expected one begins a new line. */
const RESTART_DISTANCE = 4096
/** Given-up packets remembered, so that a late one is told from a duplicate; the oldest are forgotten first. */
const MAX_GIVEN_UP = 1024

export interface BufferedPacket {
  readonly packet: RtpPacket
  /** Place on the endless line of sequence numbers. */
  readonly sequence: number
  readonly arrivedAtMs: number
}

export interface JitterBufferOptions {
  /** When to stop waiting for what is missing before `head`, the first packet behind the gap. */
  giveUpAt(head: BufferedPacket): number
  /** Every packet, in order, each once. */
  deliver(packet: BufferedPacket, nowMs: number): void
  /** Packets between the last delivered and the next one will not come. */
  gap(packets: number, nowMs: number): void
  /** A missing packet came this long after it was found missing, whether or not it was still waited for. */
  repaired?(waitedMs: number): void
  /** Whether nothing before this packet is of use any more: it is then not waited for. */
  canSkipTo?(packet: RtpPacket): boolean
}

export class JitterBuffer {
  /** Packets that never came. */
  lost = 0
  /** Packets that came after they were given up. */
  late = 0
  readonly #options: JitterBufferOptions
  #unwrapper = new SequenceUnwrapper()
  #next: number | null = null
  readonly #held = new Map<number, BufferedPacket>()
  /** First packet behind the gap; null while there is none. */
  #head: BufferedPacket | null = null
  /** Sequence to the instant at which it was found missing. */
  readonly #givenUp = new Map<number, number>()

  constructor(options: JitterBufferOptions) {
    this.#options = options
  }

  /** Takes a packet as it arrives; delivers it and all that waited for it. Duplicates are ignored. */
  push(packet: RtpPacket, nowMs: number): void {
    let sequence = this.#unwrapper.unwrap(packet.sequenceNumber)
    if (this.#next !== null && Math.abs(sequence - this.#next) > RESTART_DISTANCE) sequence = this.#restart(packet, nowMs)
    this.#next ??= sequence
    if (sequence < this.#next) return this.#missed(sequence, nowMs)
    if (this.#held.has(sequence)) return
    const entry = { packet, sequence, arrivedAtMs: nowMs }
    this.#held.set(sequence, entry)
    if (sequence === this.#next && this.#head !== null) this.#options.repaired?.(nowMs - this.#head.arrivedAtMs)
    if (sequence > this.#next && this.#options.canSkipTo?.(packet) === true) this.#skipTo(entry, nowMs)
    if (this.#held.has(this.#next)) this.#drain(nowMs)
    else if (this.#head === null || sequence < this.#head.sequence) this.#head = entry
    this.advance(nowMs)
  }

  /** Gives up gaps whose time is over; to be called regularly. */
  advance(nowMs: number): void {
    while (this.#head !== null && (this.#held.size > MAX_HELD_PACKETS || nowMs >= this.#options.giveUpAt(this.#head))) {
      this.#skipTo(this.#head, nowMs)
      this.#drain(nowMs)
    }
  }

  #drain(nowMs: number): void {
    for (;;) {
      const entry = this.#held.get(this.#next!)
      if (entry === undefined) break
      this.#held.delete(entry.sequence)
      this.#next = entry.sequence + 1
      this.#options.deliver(entry, nowMs)
    }
    this.#head = null
    for (const entry of this.#held.values()) if (this.#head === null || entry.sequence < this.#head.sequence) this.#head = entry
  }

  #skipTo(target: BufferedPacket, nowMs: number): void {
    let missing = 0
    for (let sequence = this.#next!; sequence < target.sequence; sequence++) {
      if (this.#held.delete(sequence)) continue
      missing += 1
      this.#givenUp.set(sequence, (this.#head ?? target).arrivedAtMs)
    }
    for (const sequence of this.#givenUp.keys()) {
      if (this.#givenUp.size <= MAX_GIVEN_UP) break
      this.#givenUp.delete(sequence)
    }
    this.#next = target.sequence
    this.lost += missing
    this.#options.gap(missing, nowMs)
  }

  #missed(sequence: number, nowMs: number): void {
    const missingSince = this.#givenUp.get(sequence)
    if (missingSince === undefined) return
    this.#givenUp.delete(sequence)
    this.lost -= 1
    this.late += 1
    this.#options.repaired?.(nowMs - missingSince)
  }

  #restart(packet: RtpPacket, nowMs: number): number {
    this.#unwrapper = new SequenceUnwrapper()
    this.#held.clear()
    this.#givenUp.clear()
    this.#head = null
    this.#next = null
    this.#options.gap(0, nowMs)
    return this.#unwrapper.unwrap(packet.sequenceNumber)
  }
}
