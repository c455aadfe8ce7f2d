// Time that a test moves by hand.
import type { Timers } from '../../src/fleet/timers.ts'

export class ManualTimers implements Timers {
  #nowMs: number
  #waiting: { at: number; run: () => void }[] = []

  constructor(nowMs = 1_700_000_000_000) {
    this.#nowMs = nowMs
  }

  readonly now = (): number => this.#nowMs

  after(delayMs: number, run: () => void): () => void {
    const timer = { at: this.#nowMs + delayMs, run }
    this.#waiting.push(timer)
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== timer)
    }
  }

  /** Sets the clock without calling anybody, as when a process is busy, a machine sleeps or its clock is set. */
  jump(byMs: number): void {
    this.#nowMs += byMs
  }

  /** Moves time on and calls what is due, in order; what that sets off asynchronously is not waited for. */
  advance(byMs: number): void {
    const until = this.#nowMs + byMs
    for (;;) {
      const next = this.#waiting.filter(({ at }) => at <= until).sort((one, other) => one.at - other.at)[0]
      if (next === undefined) break
      this.#waiting = this.#waiting.filter((timer) => timer !== next)
      this.#nowMs = Math.max(this.#nowMs, next.at)
      next.run()
    }
    this.#nowMs = until
  }
}
