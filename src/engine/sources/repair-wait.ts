// How long a missing video packet is worth waiting for, learnt from how long repairs took.

const START_MS = 300
const MIN_MS = 250
const MAX_MS = 400
const HEADROOM_MS = 50
/** Weight of a repair quicker than those before. */
const SHRINK = 0.05

/** Starts at 300 ms; grows at once with slow repairs and shrinks slowly with quick ones, within 250 to 400 ms. A key frame in its place would take as long and cost more. */
export class RepairWait {
  #ms = START_MS

  get ms(): number {
    return this.#ms
  }

  /** A missing packet came `waitedMs` after it was found missing. */
  observe(waitedMs: number): void {
    const wanted = waitedMs * 1.5 + HEADROOM_MS
    const next = wanted > this.#ms ? wanted : this.#ms + (wanted - this.#ms) * SHRINK
    this.#ms = Math.min(MAX_MS, Math.max(MIN_MS, next))
  }
}
