// When an event is tried again (relay-api 14.1), and for how long beyond the vendor's minute.

/** First retry at once, further ones every 10 s, until the event is this old. */
const MINUTE_MS = 60_000
const EVERY_MS = 10_000
/** From then on an event waits for half its age, within these bounds. */
const MIN_WAIT_MS = 30_000
const MAX_WAIT_MS = 3_600_000

export interface FailedTry {
  /** Tries so far. */
  readonly tries: number
  /** When the rule begins to count; this and the others Unix ms. */
  readonly retryFrom: number
  readonly triedAt: number
  readonly now: number
  /** How old an event may get; the minute is granted always. */
  readonly retryForMs: number
}

/** The instant of the next try; `null`: there is none. */
export function nextTryAt({ tries, retryFrom, triedAt, now, retryForMs }: FailedTry): number | null {
  if (tries <= 1) return now
  const soon = Math.max(now, triedAt + EVERY_MS)
  if (soon <= retryFrom + MINUTE_MS) return soon
  const lastAt = retryFrom + retryForMs
  if (retryForMs <= MINUTE_MS || now >= lastAt) return null
  const waitMs = Math.min(MAX_WAIT_MS, Math.max(MIN_WAIT_MS, (now - retryFrom) / 2))
  return Math.min(lastAt, Math.round(now + waitMs))
}
