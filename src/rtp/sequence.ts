// Arithmetic of the wrapping counters of RTP: 16-bit sequence numbers and 32-bit timestamps.

/** How far `a` is ahead of `b` (negative: behind), -32768 to 32767, across the wrap. */
export const sequenceDifference = (a: number, b: number): number => ((a - b) << 16) >> 16

/** How far timestamp `a` is ahead of `b`, -2^31 to 2^31 - 1, across the wrap. */
export const timestampDifference = (a: number, b: number): number => (a - b) | 0

/** Makes an ever growing line of 16-bit sequence numbers; old ones keep their place behind the newest. */
export class SequenceUnwrapper {
  #highest: number | null = null

  /** The number's place on the line; the first one is its own place, so places before it may be negative. */
  unwrap(sequenceNumber: number): number {
    if (this.#highest === null) {
      this.#highest = sequenceNumber
      return sequenceNumber
    }
    const place = this.#highest + sequenceDifference(sequenceNumber, this.#highest)
    if (place > this.#highest) this.#highest = place
    return place
  }
}

/** Makes an ever growing line of 32-bit timestamps; old ones keep their place behind the newest. */
export class TimestampUnwrapper {
  #highest: number | null = null

  /** The timestamp's place on the line, in the same clock; the first one is its own place. */
  unwrap(timestamp: number): number {
    if (this.#highest === null) {
      this.#highest = timestamp
      return timestamp
    }
    const place = this.#highest + timestampDifference(timestamp, this.#highest)
    if (place > this.#highest) this.#highest = place
    return place
  }
}
