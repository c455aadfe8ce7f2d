// From a scene to painted layers: where each picture goes and what of it can be seen. Geometry only.
import type { Rect, RenderMode } from '../../mix/mix-spec.ts'
import type { Content } from './content.ts'
import { placement, type Placement } from './placement.ts'
import { evenWithin, intersection, isEmpty, subtract } from './rects.ts'
import type { Scene, SceneLayer } from './scene.ts'

export interface ArrangedLayer {
  readonly content: Content
  readonly placement: Placement
  /** Painted black beneath the picture. */
  readonly backdrop: Rect | null
  /** Nothing beneath can be seen here; even edges, perhaps empty. */
  readonly cover: Rect
  /** The picture alone hides everything here; even edges, perhaps empty. */
  readonly solid: Rect
  /** What no layer above covers, in pieces. */
  readonly visible: readonly Rect[]
}

/** What a layer shows now, and how. */
export interface Showing {
  readonly content: Content
  readonly renderMode: RenderMode
}

const nothing: Rect = { xPx: 0, yPx: 0, widthPx: 0, heightPx: 0 }

/** Layers with something to show, in paint order, the canvas' picture first. */
export function arrange(scene: Scene, showing: (layer: SceneLayer) => Showing | null): ArrangedLayer[] {
  const canvas: Rect = { xPx: 0, yPx: 0, widthPx: scene.widthPx, heightPx: scene.heightPx }
  const { pictureUrl, renderMode } = scene.background
  const background: SceneLayer[] = pictureUrl === null ? [] : [{ rect: canvas, renderMode, content: { kind: 'picture', url: pictureUrl } }]
  const covers: Rect[] = []
  const arranged: ArrangedLayer[] = []
  for (const layer of [...background, ...scene.layers].toReversed()) {
    const shown = isEmpty(layer.rect) ? null : showing(layer)
    if (shown === null) continue
    const { content } = shown
    const placed = placement(content, layer.rect, shown.renderMode, content.cropStepPx)
    const backdrop = shown.renderMode === 'fit-black' ? layer.rect : null
    const solid = content.opaque ? evenWithin(placed.target) : nothing
    const cover = backdrop === null ? solid : evenWithin(backdrop)
    const painted = intersection(backdrop ?? placed.target, canvas)
    const visible = covers.reduce((pieces, above) => pieces.flatMap((piece) => subtract(piece, above)), painted === null ? [] : [painted])
    arranged.push({ content, placement: placed, backdrop, cover, solid, visible })
    if (!isEmpty(cover)) covers.push(cover)
  }
  return arranged.toReversed()
}
