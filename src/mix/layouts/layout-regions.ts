// The one door to the layouts: which rectangles a mix has now and whose pictures go there.
import type { CustomLayoutSpec, GridLayoutSpec, LayoutSpec } from '../mix-spec.ts'
import type { Participant } from '../participants.ts'
import type { Region } from '../region.ts'
import { customRegions } from './custom.ts'
import { gridRegions } from './grid.ts'
import type { LayoutInput } from './layout-input.ts'

type Layouts = { readonly [Kind in LayoutSpec['kind']]: (layout: Extract<LayoutSpec, { kind: Kind }>, input: LayoutInput) => Region[] }

/** One line a layout. */
const layouts: Layouts = {
  custom: (layout: CustomLayoutSpec, input) => customRegions(layout, input),
  grid: (layout: GridLayoutSpec, input) => gridRegions(layout, input),
}

/**
 * The regions of a layout on a canvas, in list order (relay-api.md section 8). Pure: the same
 * arguments give the same regions.
 * @param participants those of the main room, in order of entry, without robots
 * @param previous the regions of the call before, so that people keep their tiles; `null` at first
 */
export function layoutRegions(
  layout: LayoutSpec,
  canvas: { readonly widthPx: number; readonly heightPx: number },
  participants: readonly Participant[],
  previous: readonly Region[] | null,
): Region[] {
  const regionsOf = layouts[layout.kind] as (layout: LayoutSpec, input: LayoutInput) => Region[]
  return regionsOf(layout, { widthPx: canvas.widthPx, heightPx: canvas.heightPx, participants, previous })
}
