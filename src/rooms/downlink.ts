// How many simulcast layers a viewer's network carries: fewer at once when it loses packets, one more now and
// then when it does not. Each failed attempt doubles the wait for the next.

const LOSS_LIMIT = 0.1
const FIRST_WAIT_MS = 8_000
const LONGEST_WAIT_MS = 120_000
/** Loss this soon after an attempt is the attempt's fault. */
const ATTEMPT_MS = 5_000

export class Downlink {
  #maxLayers = Number.POSITIVE_INFINITY
  #changedAt = 0
  #waitMs = FIRST_WAIT_MS
  #lossyReports = 0

  /** Counted from the smallest layer; at least 1. */
  get maxLayers(): number {
    return this.#maxLayers
  }

  /**
   * Takes a receiver report in.
   * @param fractionLost 0 to 1
   * @param layersInUse how many layers the present one is from the smallest, counting itself
   */
  reported(fractionLost: number, layersInUse: number, nowMs: number): void {
    this.#lossyReports = fractionLost > LOSS_LIMIT ? this.#lossyReports + 1 : 0
    if (this.#lossyReports >= 2 && layersInUse > 1) {
      if (Number.isFinite(this.#maxLayers) && nowMs - this.#changedAt < ATTEMPT_MS)
        this.#waitMs = Math.min(LONGEST_WAIT_MS, this.#waitMs * 2)
      this.#change(layersInUse - 1, nowMs)
    } else if (Number.isFinite(this.#maxLayers) && this.#lossyReports === 0 && nowMs - this.#changedAt >= this.#waitMs) {
      this.#change(this.#maxLayers + 1, nowMs)
    }
  }

  #change(maxLayers: number, nowMs: number): void {
    this.#maxLayers = maxLayers
    this.#changedAt = nowMs
    this.#lossyReports = 0
  }
}
