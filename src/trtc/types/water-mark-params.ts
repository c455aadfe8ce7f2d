// McuWaterMarkParams: pictures and texts laid over the mix.
import { z } from 'zod'
import { choice, color, integer, object, offsetPx, text, zOrder } from './values.ts'

/** Neither canvas side is longer, so no watermark needs to be. */
const sizePx = () => integer(1, 1920)

const placement = {
  WaterMarkWidth: sizePx(),
  WaterMarkHeight: sizePx(),
  LocationX: offsetPx(),
  LocationY: offsetPx(),
  ZOrder: zOrder().optional(),
  DynamicPosType: choice(0, 1, 2).optional(),
}

const waterMarkImage = object({ ...placement, WaterMarkUrl: text() })

const waterMarkText = object({
  ...placement,
  Text: text(),
  FontSize: integer(1, 1920),
  FontColor: color().optional(),
  BackGroundColor: color().optional(),
  Font: z.enum(['Tencent', 'SourceHanSans'], 'must be Tencent or SourceHanSans').optional(),
})

/** `WaterMarkType` 0 is a picture (the default), 1 a text. */
export const waterMarkParams = object({
  WaterMarkType: choice(0, 1).optional(),
  WaterMarkImage: waterMarkImage.optional(),
  WaterMarkText: waterMarkText.optional(),
})

export type WaterMarkParams = z.output<typeof waterMarkParams>
