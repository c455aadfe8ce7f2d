// A Start or an Update that is talked about instead of done.
import { z } from 'zod'
import { object } from './values.ts'

/** Schemas that stand for another action's request without holding it to its rules, by that action. */
export const standsFor = z.registry<{ readonly action: 'StartPublishCdnStream' | 'UpdatePublishCdnStream' }>()

const anyObject = (action: 'StartPublishCdnStream' | 'UpdatePublishCdnStream') => {
  const schema = z.record(z.string(), z.unknown(), 'must be an object')
  standsFor.add(schema, { action })
  return schema
}

/** One of both; what is in it is judged by the action. */
export const intendedRequest = object({
  Start: anyObject('StartPublishCdnStream').optional(),
  Update: anyObject('UpdatePublishCdnStream').optional(),
})

export type IntendedRequest = z.output<typeof intendedRequest>
