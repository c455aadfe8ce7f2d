// Which packets of an incoming stream are missing, when to ask for them again, and when to give up.

interface Missing {
  readonly since: number
  requests: number
  lastRequestAt: number
}

const GIVE_UP_AFTER_MS = 1_200
/** More missing at once than this is an outage, which only a key frame ends. */
const MAX_MISSING = 1_000
const MAX_REORDERING_MS = 60

/** Times are milliseconds of one monotonic clock. */
export class MissingPackets {
  readonly #missing = new Map<number, Missing>()
  #roundTripMs = 60
  #reorderingMs = 5
  #lost = 0

  get count(): number {
    return this.#missing.size
  }

  has(place: number): boolean {
    return this.#missing.has(place)
  }

  /** Packets given up so far. */
  get lost(): number {
    return this.#lost
  }

  /** Places `from` to `to - 1` were skipped. Returns false when all that was missing had to be given up. */
  skipped(from: number, to: number, nowMs: number): boolean {
    if (this.#missing.size + to - from > MAX_MISSING) {
      this.#lost += this.#missing.size + to - from
      this.#missing.clear()
      return false
    }
    for (let place = from; place < to; place++) this.#missing.set(place, { since: nowMs, requests: 0, lastRequestAt: 0 })
    return true
  }

  /** A packet behind the newest came; false when it was not missing, so is a duplicate or too late. */
  arrived(place: number, isRetransmission: boolean, nowMs: number): boolean {
    const entry = this.#missing.get(place)
    if (entry === undefined) return false
    this.#missing.delete(place)
    if (isRetransmission && entry.requests === 1) this.#roundTripMs += (nowMs - entry.lastRequestAt - this.#roundTripMs) / 8
    // Reordered, not lost: from now on wait that long before asking.
    if (!isRetransmission && entry.requests <= 1)
      this.#reorderingMs = Math.min(MAX_REORDERING_MS, Math.max(this.#reorderingMs, nowMs - entry.since))
    return true
  }

  /**
   * Places to ask for now, in rising order.
   * @param gaveUp set when a packet was given up, which its decoder will notice
   */
  due(nowMs: number): { places: number[]; gaveUp: boolean } {
    const places: number[] = []
    let gaveUp = false
    this.#reorderingMs = Math.max(5, this.#reorderingMs * 0.998)
    for (const [place, entry] of this.#missing) {
      if (nowMs - entry.since > GIVE_UP_AFTER_MS) {
        this.#missing.delete(place)
        this.#lost += 1
        gaveUp = true
      } else if (
        entry.requests === 0
          ? nowMs - entry.since >= this.#reorderingMs
          : nowMs - entry.lastRequestAt >= Math.max(30, this.#roundTripMs + 20)
      ) {
        entry.requests += 1
        entry.lastRequestAt = nowMs
        places.push(place)
      }
    }
    return { places, gaveUp }
  }
}
