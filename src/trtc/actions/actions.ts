// The table of actions: their schemas and limits.
import type { z } from 'zod'
import { startPublishCdnStream } from './start-publish-cdn-stream.ts'
import { stopPublishCdnStream } from './stop-publish-cdn-stream.ts'
import { updatePublishCdnStream } from './update-publish-cdn-stream.ts'

/** The one version of the API. */
export const apiVersion = '2019-07-22'

/** Every action by its name on the wire. */
export const actions = {
  StartPublishCdnStream: { schema: startPublishCdnStream, maxPerSec: 20 },
  UpdatePublishCdnStream: { schema: updatePublishCdnStream, maxPerSec: 20 },
  StopPublishCdnStream: { schema: stopPublishCdnStream, maxPerSec: 20 },
} as const

export type ActionName = keyof typeof actions

/** What an action takes. */
export type ActionRequest<Name extends ActionName> = z.output<(typeof actions)[Name]['schema']>

/** What an action answers, apart from `RequestId`. */
export interface ActionResponses {
  StartPublishCdnStream: { readonly TaskId: string }
  UpdatePublishCdnStream: { readonly TaskId: string }
  StopPublishCdnStream: { readonly TaskId: string }
}

export const isActionName = (name: string): name is ActionName => Object.hasOwn(actions, name)
