// How a length is cut into parts that keep to even pixels.

export interface Stretch {
  readonly startPx: number
  readonly lengthPx: number
}

/**
 * Cuts an even length into `parts` nearly equal ones that leave no hole and have even edges:
 * edge i is `2 * round(i * length / (2 * parts))` (relay-api.md section 8.5).
 */
export function evenEdges(lengthPx: number, parts: number): Stretch[] {
  const edge = (index: number): number => 2 * Math.round((index * lengthPx) / (2 * parts))
  return Array.from({ length: parts }, (_, index) => ({ startPx: edge(index), lengthPx: edge(index + 1) - edge(index) }))
}
