// PreviewPublishCdnStream: the layout of a Start or an Update as it would look now, as a picture. An action of ours.
import { z } from 'zod'
import { intendedRequest } from '../types/intended-request.ts'
import { array, userId } from '../types/values.ts'

/** `AssumedUserIds`: who is in the room with camera and sound, in place of those who are. */
export const previewPublishCdnStream = intendedRequest.extend({ AssumedUserIds: array(userId(), 16).optional() })

export const previewPublishCdnStreamAnswer = z.object({
  Image: z.string().describe('PNG in base64'),
  Width: z.int(),
  Height: z.int(),
  Warnings: z.array(z.string()).describe('parameters that have no effect, and pictures that could not be had'),
})
