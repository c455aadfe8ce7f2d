// ValidatePublishCdnStream: what a Start or an Update would answer, without doing it. An action of ours.
import { z } from 'zod'
import { intendedRequest } from '../types/intended-request.ts'

export const validatePublishCdnStream = intendedRequest

export const validatePublishCdnStreamAnswer = z.object({
  IsAccepted: z.boolean(),
  Refusals: z
    .array(z.object({ Code: z.string(), Message: z.string() }))
    .describe('what would be answered; the first is what the action itself answers'),
  Warnings: z.array(z.string()).describe('parameters that have no effect'),
  EstimatedCost: z.number().nullable().describe('cores; null when refused'),
})
