// The grid layout: equal cells filled row by row in order of entry.
import type { GridLayoutSpec } from '../mix-spec.ts'
import type { Region } from '../region.ts'
import { evenEdges } from './even-edges.ts'
import type { LayoutInput } from './layout-input.ts'

/** Further participants are not shown (relay-api.md section 8.1). */
const maxCells = 16

/** Columns and rows from so many videos on, largest first (relay-api.md section 8.3). */
const shapes = [
  { from: 10, columns: 4, rows: 4 },
  { from: 5, columns: 3, rows: 3 },
  { from: 3, columns: 2, rows: 2 },
  { from: 2, columns: 2, rows: 1 },
  { from: 1, columns: 1, rows: 1 },
] as const

/** A cell for everyone with a camera, and if the spec says so for those who send sound only. */
export function gridRegions(layout: GridLayoutSpec, { widthPx, heightPx, participants }: LayoutInput): Region[] {
  const shown = participants.filter(({ sendsCamera, sendsAudio }) => sendsCamera || (layout.holdPureAudio && sendsAudio)).slice(0, maxCells)
  const shape = shapes.find(({ from }) => shown.length >= from)
  if (shape === undefined) return []
  const columns = evenEdges(widthPx, shape.columns)
  const rows = evenEdges(heightPx, shape.rows)
  return shown.map(({ room, userId }, index) => {
    const column = columns[index % shape.columns] ?? { startPx: 0, lengthPx: 0 }
    const row = rows[Math.floor(index / shape.columns)] ?? { startPx: 0, lengthPx: 0 }
    return {
      xPx: column.startPx,
      yPx: row.startPx,
      widthPx: column.lengthPx,
      heightPx: row.lengthPx,
      stream: { room, userId, source: 'camera' },
      zOrder: 0,
      renderMode: layout.renderMode,
      placeholder: null,
    }
  })
}
