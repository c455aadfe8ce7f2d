// How often engines of one task may die: pauses that grow, and an end.

const WINDOW_MS = 60_000
const MAX_CRASHES = 5

/** The first successor comes at once: a single crash should cost as little as can be. */
const PAUSES_MS = [0, 250, 500, 1000, 2000]

/** Pure: what `now` is comes from the caller. */
export class CrashGuard {
  #crashes: number[] = []

  /**
   * Notes a crash.
   * @param at Unix ms
   * @returns milliseconds to wait for the next attempt, or `null` after more than 5 crashes within 60 s
   */
  crashed(at: number): number | null {
    this.#crashes = [...this.#crashes.filter((earlier) => at - earlier < WINDOW_MS), at]
    if (this.#crashes.length > MAX_CRASHES) return null
    return PAUSES_MS[this.#crashes.length - 1] ?? null
  }
}
