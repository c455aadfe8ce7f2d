// Exactly one engine process that waits warm, for the next task or for one whose engine died.
import type { Logger } from '../log.ts'
import type { EngineProcess } from './engine-process.ts'
import type { Timers } from './timers.ts'

/** A new spare starts this long after the last was taken: its warming up should not take CPU from the first picture. */
const REFILL_MS = 1000

/** A spare that is not warm by then never will be. */
const WARM_LIMIT_MS = 30_000

const LONGEST_PAUSE_MS = 30_000

export interface WarmSpareOptions {
  readonly spawn: () => EngineProcess
  readonly timers: Timers
  readonly log: Logger
}

export class WarmSpare {
  readonly #options: WarmSpareOptions
  #spare: EngineProcess | null = null
  #cancelRefill: (() => void) | null = null
  #deaths = 0
  #isClosed = false

  constructor(options: WarmSpareOptions) {
    this.#options = options
    this.#fill()
  }

  /** The spare, warm or nearly; a fresh process when there is none. It is the caller's from now on. */
  take(): EngineProcess {
    const taken = this.#spare
    this.#spare = null
    this.#refillIn(REFILL_MS)
    return taken ?? this.#options.spawn()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#cancelRefill?.()
    const spare = this.#spare
    this.#spare = null
    await spare?.close()
  }

  #refillIn(delayMs: number): void {
    if (this.#isClosed) return
    this.#cancelRefill?.()
    this.#cancelRefill = this.#options.timers.after(delayMs, () => this.#fill())
  }

  #fill(): void {
    const { spawn, timers, log } = this.#options
    const engine = spawn()
    this.#spare = engine
    const giveUp = timers.after(WARM_LIMIT_MS, () => void engine.close())
    engine.ready.then(
      () => {
        this.#deaths = 0
        giveUp()
      },
      () => giveUp(),
    )
    void engine.exited.then(({ code, signal }) => {
      if (this.#spare !== engine) return
      this.#spare = null
      log.warn({ enginePid: engine.pid, code, signal }, 'the warm engine ended; another is started')
      this.#refillIn(Math.min(LONGEST_PAUSE_MS, REFILL_MS * 2 ** this.#deaths++))
    })
  }
}
