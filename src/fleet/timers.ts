// Time as workers use it, passed in so that tests move it by hand.

export interface Timers {
  /** Unix ms. */
  now(): number
  /** Calls `run` once after `delayMs`, unless the returned function was called before. */
  after(delayMs: number, run: () => void): () => void
}

export const systemTimers: Timers = {
  now: Date.now,
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
}
