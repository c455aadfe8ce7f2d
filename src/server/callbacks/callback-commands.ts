// `callbacks list|replay`: the log of events, for the operator.
import { z } from 'zod'
import { maskUrls } from '../../fleet/masked-urls.ts'
import type { LoggedCallbackEvent } from '../../store/callback-event.ts'
import { AdminError, adminCommand, type AdminCommands } from '../admin/admin-command.ts'
import type { AdminPorts } from '../admin/admin-commands.ts'
import { sdkAppId } from '../accounts/sdk-app-id.ts'

const filter = {
  eventId: z.string().min(1).optional(),
  taskId: z.string().min(1).optional(),
  appId: sdkAppId.optional(),
  state: z.enum(['pending', 'delivered', 'given-up']).optional(),
  /** Unix ms. */
  since: z.number().int().optional(),
}

const listSchema = z.strictObject({ ...filter, limit: z.number().int().min(1).max(10_000).default(50) })
const replaySchema = z.strictObject(filter)

/** Stream keys in what events say are not shown. A running server sends what is replayed within a second; another one when it starts. */
export const callbackCommands = ({ store, now }: Pick<AdminPorts, 'store' | 'now'>): AdminCommands => ({
  'callbacks list': adminCommand(listSchema, async ({ limit, ...found }) => (await store.callbacks.list(found, limit)).map(shown)),

  'callbacks replay': adminCommand(replaySchema, async (found) => {
    if (Object.values(found).every((value) => value === undefined))
      throw new AdminError('Say which events to send again: --event, --task, --app, --state or --since.')
    return { replayed: await store.callbacks.replay(found, now()) }
  }),
})

const instant = (ms: number): string => new Date(ms).toISOString()

const shown = ({ id, appId, group, type, taskId, info, createdAt, state, tries, dueAt, settledAt, lastError }: LoggedCallbackEvent) => ({
  event: id,
  at: instant(createdAt),
  sdkAppId: appId,
  group,
  type,
  ...(taskId === null ? {} : { task: taskId }),
  info: JSON.parse(info, (_, value: unknown) => (typeof value === 'string' ? maskUrls(value) : value)) as unknown,
  state,
  tries,
  ...(dueAt === null ? {} : { nextTryAt: instant(dueAt) }),
  ...(settledAt === null ? {} : { settledAt: instant(settledAt) }),
  ...(lastError === null ? {} : { lastError }),
})
