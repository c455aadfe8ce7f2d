// A row of black and white cells that tells when a picture was made, readable after scaling and encoding.

/** Payload bits; the count of milliseconds wraps after 2^24 ms, about 4.6 hours. */
const bits = 24
/** Two cells, white then black, say where the row begins. */
const cells = bits + 2

/** Where the row lies in a picture. */
export interface TimeCodeArea {
  readonly xPx: number
  readonly yPx: number
  readonly cellPx: number
  readonly widthPx: number
}

/** The row centred at the bottom of the square in a picture's middle, so that cropping to any tile keeps it. */
export function timeCodeArea(widthPx: number, heightPx: number): TimeCodeArea {
  // Even, so that cells end where chroma samples do.
  const cellPx = 2 * Math.floor((Math.min(widthPx, heightPx) * 0.425) / cells)
  return { xPx: 2 * Math.floor((widthPx - cells * cellPx) / 4), yPx: heightPx - 2 * cellPx - 2, cellPx, widthPx: cells * cellPx }
}

/** Paints the row for an instant into a luma plane. @param atMs Unix ms */
export function paintTimeCode(luma: Uint8Array, strideBytes: number, { xPx, yPx, cellPx }: TimeCodeArea, atMs: number): void {
  const code = Math.floor(atMs) % 2 ** bits
  for (let cell = 0; cell < cells; cell++) {
    const isWhite = cell < 2 ? cell === 0 : ((code >> (cells - 1 - cell)) & 1) === 1
    for (let y = yPx; y < yPx + cellPx; y++) {
      const start = y * strideBytes + xPx + cell * cellPx
      luma.fill(isWhite ? 235 : 16, start, start + cellPx)
    }
  }
}

/**
 * Reads the row back.
 * @param area as painted, moved and scaled like the picture; need not be whole pixels
 * @returns the age in ms at `nowMs` (Unix), or `null` when no row is there
 */
export function timeCodeAgeMs(luma: Uint8Array, strideBytes: number, area: Omit<TimeCodeArea, 'widthPx'>, nowMs: number): number | null {
  const y = Math.floor(area.yPx + area.cellPx / 2)
  const sample = (cell: number): number => luma[y * strideBytes + Math.floor(area.xPx + (cell + 0.5) * area.cellPx)] ?? 0
  const [white, black] = [sample(0), sample(1)]
  if (white - black < 80) return null
  let code = 0
  for (let cell = 2; cell < cells; cell++) code = code * 2 + (sample(cell) > (white + black) / 2 ? 1 : 0)
  return (Math.floor(nowMs) - code + 2 ** bits) % 2 ** bits
}
