// How late the packets of a track come, as a histogram that forgets. Pure.

const BIN_MS = 10
const BINS = 60
/** Share of packets that shall be in time. */
const QUANTILE = 0.97
/** What was seen this many observations ago counts a third. */
const MEMORY = 250
const KEEP = Math.exp(-1 / MEMORY)

export class DelayEstimate {
  readonly #weights = new Float64Array(BINS)

  /** @param startMs what is expected before anything was seen */
  constructor(startMs: number) {
    this.#weights[binOf(startMs)] = 1
  }

  /** A packet, or a picture's last one, came `latenessMs` after the quickest ones; beyond 600 ms all count alike. */
  observe(latenessMs: number): void {
    for (let bin = 0; bin < BINS; bin++) this.#weights[bin]! *= KEEP
    this.#weights[binOf(latenessMs)]! += 1 - KEEP
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
