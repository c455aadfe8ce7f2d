// McuVideoParams into the spec of the picture.
import type { BackgroundSpec, LayoutSpec, RenderMode, VideoEncodeSpec, VideoSpec, WatermarkSpec } from '../../mix/mix-spec.ts'
import type { RoomRef } from '../../mix/room.ts'
import type { VideoEncode, VideoParamsUpdate } from '../types/video-params.ts'
import type { WaterMarkParams } from '../types/water-mark-params.ts'
import { toLayout } from './layout.ts'
import { toPictureUrl } from './picture-url.ts'

type Warn = (warning: string) => void

const canvasModes = { 0: 'crop', 1: 'fit-black', 2: 'stretch' } as const satisfies Record<number, RenderMode>

const even = (px: number): number => px - (px % 2)

/** Odd sizes become the next lower even ones, which is what the picture format allows. */
export const toVideoEncode = (encode: VideoEncode): VideoEncodeSpec => ({
  widthPx: even(encode.Width),
  heightPx: even(encode.Height),
  fps: encode.Fps,
  bitRateKbps: encode.BitRate,
  gopSec: encode.Gop,
})

/** The picture after `wire`: each member that is present replaces the one of `previous` entirely. */
export function toVideo(wire: VideoParamsUpdate, previous: VideoSpec, main: RoomRef, path: string, warn: Warn): VideoSpec {
  const encode = wire.VideoEncode === undefined ? previous.encode : toVideoEncode(wire.VideoEncode)
  const layout = wire.LayoutParams === undefined ? previous.layout : toLayout(wire.LayoutParams, main, `${path}.LayoutParams`, warn)
  return {
    encode,
    layout: insideCanvas(layout, encode),
    background: toBackground(wire, previous.background, path, warn),
    watermarks:
      wire.WaterMarkList === undefined
        ? previous.watermarks
        : wire.WaterMarkList.flatMap((watermark, index) => toWatermark(watermark, `${path}.WaterMarkList.${index}`, warn)),
  }
}

/** Cuts off what rounding the canvas to even sizes took from tiles that reached its edge. */
function insideCanvas(layout: LayoutSpec, { widthPx, heightPx }: VideoEncodeSpec): LayoutSpec {
  if (layout.kind !== 'custom') return layout
  const tiles = layout.tiles.map((tile) => ({
    ...tile,
    widthPx: Math.max(0, Math.min(tile.widthPx, widthPx - tile.xPx)),
    heightPx: Math.max(0, Math.min(tile.heightPx, heightPx - tile.yPx)),
  }))
  return { ...layout, tiles }
}

function toBackground(wire: VideoParamsUpdate, previous: BackgroundSpec, path: string, warn: Warn): BackgroundSpec {
  const { BackGroundColor: color, BackgroundImageUrl: url, BackgroundRenderMode: mode } = wire
  return {
    color: color === undefined ? previous.color : Number(color),
    pictureUrl: url === undefined ? previous.pictureUrl : toPictureUrl(url, `${path}.BackgroundImageUrl`, warn),
    renderMode: mode === undefined ? previous.renderMode : canvasModes[mode],
  }
}

function toWatermark({ WaterMarkImage: image }: WaterMarkParams, path: string, warn: Warn): WatermarkSpec[] {
  const url = toPictureUrl(image?.WaterMarkUrl, `${path}.WaterMarkImage.WaterMarkUrl`, warn)
  if (image === undefined || url === null) return []
  const { LocationX: xPx, LocationY: yPx, WaterMarkWidth: widthPx, WaterMarkHeight: heightPx, ZOrder: zOrder = 0 } = image
  return [{ url, zOrder, xPx, yPx, widthPx, heightPx }]
}
