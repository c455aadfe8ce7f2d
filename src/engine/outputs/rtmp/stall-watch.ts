// Tells a server that stopped taking data from one that is merely slow.

/**
 * Two signs: what the socket holds does not shrink, or a server that acknowledged so far stopped
 * doing so. The second comes much sooner, as the kernel's buffers swallow many seconds of a stream.
 */
export class StallWatch {
  readonly #stallTimeoutMs: number
  readonly #windowBytes: number
  readonly #now: () => number
  #written = 0
  #taken = 0
  #progressAt: number
  #acknowledged = 0
  #acknowledgedAt: number
  #widestAckGap = 0

  /** @param windowBytes how often the server was asked to acknowledge */
  constructor(stallTimeoutMs: number, windowBytes: number, now: () => number) {
    this.#stallTimeoutMs = stallTimeoutMs
    this.#windowBytes = windowBytes
    this.#now = now
    this.#progressAt = now()
    this.#acknowledgedAt = now()
  }

  /** @param pendingBytes how much of it all the socket still holds */
  wrote(bytes: number, pendingBytes: number): void {
    // Time without anything to send is not time without progress.
    if (this.#taken === this.#written) this.#progressAt = this.#now()
    this.#written += bytes
    this.drained(pendingBytes)
  }

  drained(pendingBytes: number): void {
    const taken = this.#written - pendingBytes
    if (taken > this.#taken) this.#progressAt = this.#now()
    this.#taken = taken
  }

  /** An Acknowledgement came; `sequence` wraps at 2^32. */
  acknowledged(sequence: number): void {
    const gap = (sequence - this.#acknowledged) >>> 0
    this.#widestAckGap = Math.max(this.#widestAckGap, gap)
    this.#acknowledged = sequence
    this.#acknowledgedAt = this.#now()
  }

  isStalled(pendingBytes: number): boolean {
    this.drained(pendingBytes)
    const now = this.#now()
    if (pendingBytes > 0 && now - this.#progressAt >= this.#stallTimeoutMs) return true
    if (this.#widestAckGap === 0) return false
    // Servers may choose a wider distance than asked for: what they did so far is what to expect.
    const expectedGap = Math.max(this.#widestAckGap, this.#windowBytes)
    const unacknowledged = (this.#written - this.#acknowledged) >>> 0
    return unacknowledged < 2 ** 31 && unacknowledged > 2 * expectedGap && now - this.#acknowledgedAt >= this.#stallTimeoutMs
  }
}
