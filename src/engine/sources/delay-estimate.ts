// How late the packets of a track come, as a histogram that forgets. Pure.

const BIN_MS = 10
const BINS = 60
/** Share of packets that shall be in time. */
const QUANTILE = 0.97
/** Time after which what was seen counts a third. */
const FORGET_MS = 10_000

export class DelayEstimate {
  readonly #weights = new Float64Array(BINS)
  #observedAtMs: number | null = null

  /** @param startMs what is expected before anything was seen */
  constructor(startMs: number) {
    this.#weights[binOf(startMs)] = 1
  }

  /** A packet came `latenessMs` after the quickest ones; beyond 600 ms all count alike. */
  observe(latenessMs: number, nowMs: number): void {
    // Packets of one burst share an instant; each still counts a little.
    const elapsedMs = Math.max(1, nowMs - (this.#observedAtMs ?? nowMs - 20))
    this.#observedAtMs = nowMs
    // After a pause the first packet alone must not outweigh all that was learnt.
    const keep = Math.exp(-Math.min(elapsedMs, 100) / FORGET_MS)
    for (let bin = 0; bin < BINS; bin++) this.#weights[bin]! *= keep
    this.#weights[binOf(latenessMs)]! += 1 - keep
  }

  /** The lateness that 97 of 100 packets keep. */
  get ms(): number {
    let sum = 0
    for (let bin = 0; bin < BINS; bin++) {
      sum += this.#weights[bin]!
      if (sum >= QUANTILE) return (bin + 1) * BIN_MS
    }
    return BINS * BIN_MS
  }
}

const binOf = (ms: number): number => Math.min(BINS - 1, Math.max(0, Math.floor(ms / BIN_MS)))
