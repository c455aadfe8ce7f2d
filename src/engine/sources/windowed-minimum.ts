// The least value of about the last seconds, in constant memory. Pure.

export class WindowedMinimum {
  readonly #windowMs: number
  #startedAtMs = -Infinity
  #current = Infinity
  #previous = Infinity

  /** @param windowMs values older than one to two windows no longer count */
  constructor(windowMs: number) {
    this.#windowMs = windowMs
  }

  /** `Infinity` before the first value. Keeps its value while nothing is added. */
  get value(): number {
    return Math.min(this.#current, this.#previous)
  }

  add(value: number, nowMs: number): void {
    const ageMs = nowMs - this.#startedAtMs
    if (ageMs >= this.#windowMs) {
      this.#previous = ageMs < 2 * this.#windowMs ? this.#current : Infinity
      this.#current = Infinity
      this.#startedAtMs = nowMs
    }
    this.#current = Math.min(this.#current, value)
  }

  reset(): void {
    this.#startedAtMs = -Infinity
    this.#current = Infinity
    this.#previous = Infinity
  }
}
