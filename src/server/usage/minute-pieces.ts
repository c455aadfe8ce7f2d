// A stretch of time cut at full minutes.

export const MINUTE_MS = 60_000

export interface MinutePiece {
  /** Unix ms of the minute's begin. */
  readonly minuteAt: number
  readonly ms: number
}

/** Pieces of a stretch, none empty, together as long as it is. Instants are Unix ms; an end before the begin gives none. */
export function minutePieces(from: number, until: number): MinutePiece[] {
  const pieces: MinutePiece[] = []
  for (let at = from; at < until;) {
    const minuteAt = Math.floor(at / MINUTE_MS) * MINUTE_MS
    const end = Math.min(until, minuteAt + MINUTE_MS)
    pieces.push({ minuteAt, ms: end - at })
    at = end
  }
  return pieces
}
