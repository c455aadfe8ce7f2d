// Notices an engine that lives but hangs: it reports every second, so silence is a sign.
import type { Timers } from './timers.ts'

const CHECK_MS = 1000
const MAX_SILENT_CHECKS = 15

/** Counts checks, not time: when this process itself stood still, what the engine said meanwhile is heard before the next check. */
export class SilenceWatch {
  readonly #timers: Timers
  readonly #onSilence: () => void
  #silentChecks = 0
  #cancel: () => void = () => {}

  /** @param onSilence called once, after 15 s without `heard` */
  constructor(timers: Timers, onSilence: () => void) {
    this.#timers = timers
    this.#onSilence = onSilence
    this.#next()
  }

  heard(): void {
    this.#silentChecks = 0
  }

  close(): void {
    this.#cancel()
  }

  #next(): void {
    this.#cancel = this.#timers.after(CHECK_MS, () => {
      if (++this.#silentChecks >= MAX_SILENT_CHECKS) this.#onSilence()
      else this.#next()
    })
  }
}
