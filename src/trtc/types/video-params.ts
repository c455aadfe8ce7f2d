// McuVideoParams: how the picture is encoded and what it shows.
import type { z } from 'zod'
import { layoutParams } from './layout-params.ts'
import { array, choice, color, integer, object, text } from './values.ts'
import { waterMarkParams } from './water-mark-params.ts'

const videoEncode = object({
  Width: integer(2, 1920),
  Height: integer(2, 1920),
  Fps: integer(1, 60),
  BitRate: integer(1, 10000),
  Gop: integer(1, 5),
})

/** As Update takes it: every member may stay away. */
export const videoParamsUpdate = object({
  VideoEncode: videoEncode.optional(),
  LayoutParams: layoutParams.optional(),
  BackGroundColor: color().optional(),
  BackgroundImageUrl: text().optional(),
  BackgroundRenderMode: choice(0, 1, 2).optional(),
  WaterMarkList: array(waterMarkParams).optional(),
})

/** As Start takes it: the encoder is required. */
export const videoParams = videoParamsUpdate.extend({ VideoEncode: videoEncode })

export type VideoEncode = z.output<typeof videoEncode>
export type VideoParams = z.output<typeof videoParams>
export type VideoParamsUpdate = z.output<typeof videoParamsUpdate>
