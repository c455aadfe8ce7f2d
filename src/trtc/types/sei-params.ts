// McuSeiParams: data units written into the video stream.
import { z } from 'zod'
import { choice, integer, object, text } from './values.ts'

const reservedForTimestamps = 244
const typeRule = 'must be from 100 to 254, except 244'

const privateType = () => integer(100, 254).refine((type) => type !== reservedForTimestamps, typeRule)

const timing = {
  /** Milliseconds. */
  Interval: integer(0, 4294967295).optional(),
  FollowIdr: choice(0, 1).optional(),
}

const layoutVolume = object({
  AppData: text()
    .refine((data) => Buffer.byteLength(data) < 4096, 'must have fewer than 4096 bytes')
    .optional(),
  PayloadType: privateType().optional(),
  ...timing,
})

const passThrough = object({
  PayloadContent: text(),
  PayloadType: z.union([choice(5), privateType()], 'must be 5, or from 100 to 254 except 244'),
  PayloadUuid: text().optional(),
  ...timing,
})

/** Spec section 10. */
export const seiParams = object({ LayoutVolume: layoutVolume.optional(), PassThrough: passThrough.optional() })

export type SeiParams = z.output<typeof seiParams>
