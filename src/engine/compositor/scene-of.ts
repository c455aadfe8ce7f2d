// From a mix spec and its laid out regions to the scene that is painted.
import type { Rect, VideoSpec } from '../../mix/mix-spec.ts'
import type { Region } from '../../mix/region.ts'
import { streamKey } from '../../mix/room.ts'
import type { Scene, SceneLayer } from './scene.ts'

/**
 * The scene of a mix whose layout came out as `regions`. Paint order of relay-api.md section 8.6:
 * tiles and watermarks by ascending z-order, equal ones in list order, watermarks after tiles. Empty
 * rectangles are left out. A tile nobody took shows its placeholder.
 */
export function sceneOf(video: VideoSpec, regions: readonly Region[]): Scene {
  const tiles = regions.flatMap((region) => {
    const content = contentOf(region)
    return content === null ? [] : [{ zOrder: region.zOrder, layer: { ...content, rect: rectOf(region) } }]
  })
  const watermarks = video.watermarks.map((watermark) => ({
    zOrder: watermark.zOrder,
    layer: { rect: rectOf(watermark), renderMode: 'stretch' as const, content: { kind: 'picture' as const, url: watermark.url } },
  }))
  return {
    widthPx: video.encode.widthPx,
    heightPx: video.encode.heightPx,
    background: video.background,
    layers: [...tiles, ...watermarks]
      .filter(({ layer }) => layer.rect.widthPx > 0 && layer.rect.heightPx > 0)
      .sort((a, b) => a.zOrder - b.zOrder)
      .map(({ layer }) => layer),
  }
}

function contentOf({ stream, renderMode, placeholder }: Region): Pick<SceneLayer, 'content' | 'renderMode'> | null {
  if (stream !== null) return { renderMode, content: { kind: 'stream', key: streamKey(stream), placeholder } }
  return placeholder === null ? null : { renderMode: placeholder.renderMode, content: { kind: 'picture', url: placeholder.url } }
}

const rectOf = ({ xPx, yPx, widthPx, heightPx }: Rect): Rect => ({ xPx, yPx, widthPx, heightPx })
