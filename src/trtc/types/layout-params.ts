// McuLayoutParams: templates and tiles.
import type { z } from 'zod'
import { oneStream, userMediaStream } from './user-info.ts'
import { array, choice, color, integer, object, offsetPx, text, zOrder } from './values.ts'

const customCrop = object({
  LocationX: integer(0, 10000),
  LocationY: integer(0, 10000),
  Width: integer(1, 10000),
  Height: integer(1, 10000),
})

const backgroundCustomRender = object({
  Width: integer(1, 65535),
  Height: integer(1, 65535),
  Radius: integer(0, 65535).optional(),
})

const mcuLayout = object({
  UserMediaStream: userMediaStream.optional(),
  ImageWidth: offsetPx().optional(),
  ImageHeight: offsetPx().optional(),
  LocationX: offsetPx().optional(),
  LocationY: offsetPx().optional(),
  ZOrder: zOrder().optional(),
  RenderMode: choice(0, 1, 2).optional(),
  BackGroundColor: color().optional(),
  BackGroundColorMode: choice(0, 1, 2, 3).optional(),
  BackgroundImageUrl: text().optional(),
  BackgroundRenderMode: choice(0, 1, 2, 3, 4).optional(),
  BackgroundCustomRender: backgroundCustomRender.optional(),
  CustomCrop: customCrop.optional(),
  TransparentUrl: text().optional(),
  EnableStreamSEI: choice(0, 1).optional(),
})

/** `MixLayoutMode` 1 floating (the default), 2 screen sharing, 3 grid, 4 custom. */
export const layoutParams = object({
  MixLayoutMode: choice(1, 2, 3, 4).optional(),
  PureAudioHoldPlaceMode: choice(0, 1).optional(),
  MixLayoutList: array(mcuLayout, 16).optional(),
  MaxVideoUser: oneStream.optional(),
  RenderMode: choice(0, 1, 2).optional(),
  EnableStreamSEI: choice(0, 1).optional(),
})

export type McuLayout = z.output<typeof mcuLayout>
export type LayoutParams = z.output<typeof layoutParams>
