// Calls something once per period of the task's clock, catching up after short stalls.
import type { MediaClock } from './media-clock.ts'

export interface TickerOptions {
  readonly clock: MediaClock
  /** Milliseconds between ticks; need not be whole. */
  readonly periodMs: number
  /** Ticks older than this are left out instead of made up for. */
  readonly catchUpMs: number
  /** `index * periodMs` is the tick's task time. The next tick waits until this one is done. */
  readonly tick: (tick: Tick) => void | Promise<void>
  readonly failed: (error: unknown) => void
}

export interface Tick {
  readonly index: number
  /** Task time the tick stands for. */
  readonly taskMs: number
  /** How much later than due it began. */
  readonly lateMs: number
  /** Ticks left out just before this one. */
  readonly skipped: number
}

/** Starts ticking at the next whole period. `close` stops it at once; a tick under way finishes. */
export function startTicker({ clock, periodMs, catchUpMs, tick, failed }: TickerOptions): { close(): void } {
  let closed = false
  let timer: NodeJS.Timeout | undefined
  let next = Math.floor(clock.taskMs(clock.nowMs()) / periodMs) + 1
  const lateMs = (): number => clock.taskMs(clock.nowMs()) - next * periodMs

  const run = async (): Promise<void> => {
    const late = lateMs()
    const skipped = late > catchUpMs ? Math.floor(late / periodMs) : 0
    next += skipped
    const index = next
    next += 1
    await tick({ index, taskMs: index * periodMs, lateMs: late - skipped * periodMs, skipped })
    schedule()
  }
  const schedule = (): void => {
    if (!closed) timer = setTimeout(() => void run().catch(failed), Math.max(0, -lateMs()))
  }
  schedule()
  return {
    close() {
      closed = true
      clearTimeout(timer)
    },
  }
}
