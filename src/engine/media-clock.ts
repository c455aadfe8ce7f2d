// The one clock of a task: the monotonic time, and the time since the task's first start.

export interface MediaClock {
  /** Monotonic milliseconds of this process; what sources and playout use. */
  nowMs(): number
  /** Task time, in milliseconds since the task's first start, of an instant of `nowMs`. */
  taskMs(nowMs: number): number
  /** The instant of `nowMs` at which the task time is `taskMs`. */
  instantOf(taskMs: number): number
}

/**
 * A clock for a task that first started at `startedAt` (Unix ms). The wall clock is read once; from
 * then on time is monotonic, so that a step of the wall clock never reaches the output.
 */
export function createMediaClock(
  startedAt: number,
  wallNow: () => number = Date.now,
  monotonicNow: () => number = () => performance.now(),
): MediaClock {
  const offsetMs = Math.max(0, wallNow() - startedAt) - monotonicNow()
  return {
    nowMs: monotonicNow,
    taskMs: (nowMs) => nowMs + offsetMs,
    instantOf: (taskMs) => taskMs - offsetMs,
  }
}
