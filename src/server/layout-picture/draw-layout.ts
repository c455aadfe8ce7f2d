// A layout as a picture before anything is mixed: tiles with names, and the pictures that URLs give.
import sharp, { type OverlayOptions } from 'sharp'
import type { Picture } from '../../engine/ipc.ts'
import type { Rect, RenderMode, VideoSpec } from '../../mix/mix-spec.ts'
import type { Region } from '../../mix/region.ts'
import { streamKey } from '../../mix/room.ts'
import { drawName } from './draw-name.ts'
import { fill } from './fill.ts'
import { placePicture } from './place-picture.ts'

export interface LayoutToDraw {
  readonly video: VideoSpec
  readonly regions: readonly Region[]
  /** By URL; those that are missing are left out. */
  readonly pictures: ReadonlyMap<string, Picture>
  /** What people send, by stream key, as far as it is known. */
  readonly streams: ReadonlyMap<string, Picture>
}

/** Tiles of different people differ; the same name always has the same colour. */
const tileColors = [0x2f5d8a, 0x8a4f2f, 0x3f7a4c, 0x6f4a8a, 0x8a7a2f, 0x2f7f86, 0x8a3556, 0x55606e] as const

/** A PNG of the canvas' size, painted in the order of the compositor (spec section 8.6). */
export async function drawLayout({ video, regions, pictures, streams }: LayoutToDraw): Promise<Buffer> {
  const { widthPx, heightPx } = video.encode
  const canvas: Rect = { xPx: 0, yPx: 0, widthPx, heightPx }
  const drawing = (url: string | null, rect: Rect, mode: RenderMode): Promise<OverlayOptions[]> => {
    const picture = url === null ? undefined : pictures.get(url)
    return picture === undefined ? Promise.resolve([]) : placePicture(picture, rect, mode)
  }
  const layers = [
    ...regions.map((region) => ({ zOrder: region.zOrder, rect: region, draw: () => drawTile(region, drawing, streams) })),
    ...video.watermarks.map((mark) => ({ zOrder: mark.zOrder, rect: mark, draw: () => drawing(mark.url, mark, 'stretch') })),
  ]
    .filter(({ rect }) => rect.widthPx > 0 && rect.heightPx > 0)
    .toSorted((one, other) => one.zOrder - other.zOrder)
  const overlays = await drawing(video.background.pictureUrl, canvas, video.background.renderMode)
  for (const { draw } of layers) overlays.push(...(await draw()))
  return sharp({ create: { width: widthPx, height: heightPx, channels: 4, background: rgb(video.background.color) } })
    .composite(overlays)
    .png()
    .toBuffer()
}

async function drawTile(
  region: Region,
  drawing: (url: string | null, rect: Rect, mode: RenderMode) => Promise<OverlayOptions[]>,
  streams: ReadonlyMap<string, Picture>,
): Promise<OverlayOptions[]> {
  const { stream, placeholder } = region
  const name = stream === null ? 'free' : stream.source === 'screen' ? `${stream.userId} (screen)` : stream.userId
  const color = stream === null ? 0x404040 : (tileColors[hashOf(stream.userId) % tileColors.length] ?? 0)
  const live = stream === null ? undefined : streams.get(streamKey(stream))
  const away = placeholder === null ? [] : await drawing(placeholder.url, region, placeholder.renderMode)
  const shown = live === undefined ? away : await placePicture(live, region, region.renderMode)
  return [...fill(region, color), ...shown, ...(await drawName(name, region))]
}

const rgb = (color: number) => ({ r: (color >> 16) & 255, g: (color >> 8) & 255, b: color & 255, alpha: 1 })

const hashOf = (text: string): number => Array.from(text).reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) >>> 0, 7)
