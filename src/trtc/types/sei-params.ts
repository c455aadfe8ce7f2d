// McuSeiParams: data units written into the video stream.
import type { z } from 'zod'
import { choice, integer, object, text } from './values.ts'

const reservedForTimestamps = 244
const userDataUnregistered = 5

const privateType = () => integer(100, 254).refine((type) => type !== reservedForTimestamps, 'must be from 100 to 254, except 244')

const passedType = () =>
  integer(userDataUnregistered, 254).refine(
    (type) => type === userDataUnregistered || (type >= 100 && type !== reservedForTimestamps),
    'must be 5, or from 100 to 254 except 244',
  )

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
  PayloadType: passedType(),
  PayloadUuid: text().optional(),
  ...timing,
})

/** Spec section 10. */
export const seiParams = object({ LayoutVolume: layoutVolume.optional(), PassThrough: passThrough.optional() })

export type SeiParams = z.output<typeof seiParams>
