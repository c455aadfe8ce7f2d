// `app create|update|list|remove`: applications besides, and more about, the one of the settings.
import { randomBytes, randomInt } from 'node:crypto'
import { z } from 'zod'
import { callbackFamilies, type ApplicationRecord } from '../../store/application-store.ts'
import { AdminError, adminCommand, type AdminCommands } from '../admin/admin-command.ts'
import type { AdminPorts } from '../admin/admin-commands.ts'
import { callbackChanges, changedCallbacks } from './callback-changes.ts'
import { sdkAppId } from './sdk-app-id.ts'

/** The vendor's own numbers of this kind begin here. */
const FIRST_MADE_ID = 1_400_000_000
const MADE_IDS = 100_000_000

const userSigKey = z.string().regex(/^[\x21-\x7e]{16,256}$/, 'must be 16 to 256 visible characters of ASCII')

const traits = {
  requirePrivileges: z.boolean().optional(),
  /** `null`: as the setting says. */
  maxTasks: z.number().int().min(0, 'must be 0 or more').nullable().optional(),
  callbacks: callbackChanges.optional(),
}

const createSchema = z.strictObject({ id: sdkAppId.optional(), userSigKey: userSigKey.optional(), ...traits })
/** `userSigKey` true: a new one is made. */
const updateSchema = z.strictObject({ id: sdkAppId, userSigKey: z.union([z.literal(true), userSigKey]).optional(), ...traits })
const removeSchema = z.strictObject({ id: sdkAppId })

const madeKey = (): string => randomBytes(32).toString('hex')

/** The SDKSecretKey is shown when it is made, and never again; callback keys are never shown. */
export const applicationCommands = ({ store, accounts, builtIn, now }: AdminPorts): AdminCommands => {
  const isBuiltIn = (id: number): boolean => id === builtIn.sdkAppId
  const fresh = (id: number, key: string | null): ApplicationRecord => ({
    id,
    userSigKey: key,
    requiresPrivileges: false,
    maxTasks: null,
    callbacks: {},
    createdAt: now(),
  })

  return {
    'app create': adminCommand(createSchema, async ({ id, userSigKey: key = madeKey(), ...changes }) => {
      if (id !== undefined && isBuiltIn(id)) throw new AdminError(`${id} is the application of the settings; "app update" changes it.`)
      for (;;) {
        const record = changed(fresh(id ?? FIRST_MADE_ID + randomInt(MADE_IDS), key), changes)
        if (!isBuiltIn(record.id) && (await store.applications.add(record))) {
          accounts.changed()
          return { ...shown(record), sdkSecretKey: key }
        }
        if (id !== undefined) throw new AdminError(`There is an application ${id} already; "app update" changes it.`)
      }
    }),

    'app update': adminCommand(updateSchema, async ({ id, userSigKey: key, ...changes }) => {
      const known = await store.applications.find(id)
      if (known === null && !isBuiltIn(id)) throw new AdminError(`There is no application ${id}; "app create" makes one.`)
      if (key !== undefined && isBuiltIn(id)) throw new AdminError(`The key of ${id} is the setting sdkSecretKey: change it there.`)
      const newKey = key === true ? madeKey() : key
      const record = changed({ ...(known ?? fresh(id, null)), ...(newKey === undefined ? {} : { userSigKey: newKey }) }, changes)
      if (known === null) await store.applications.add(record)
      else await store.applications.change(record)
      accounts.changed()
      return { ...shown(record), ...(newKey === undefined ? {} : { sdkSecretKey: newKey }) }
    }),

    'app list': adminCommand(z.strictObject({}), async () => {
      const records = await store.applications.list()
      const own = records.find(({ id }) => isBuiltIn(id)) ?? fresh(builtIn.sdkAppId, null)
      // One without a key belonged to the settings, which name another now.
      const others = records.filter((record) => !isBuiltIn(record.id) && record.userSigKey !== null)
      return [{ ...shown(own), origin: 'settings' }, ...others.map(shown)]
    }),

    'app remove': adminCommand(removeSchema, async ({ id }) => {
      if (isBuiltIn(id)) throw new AdminError(`${id} is the application of the settings, which cannot be without one.`)
      const running = (await store.tasks.list(0)).filter(({ appId }) => appId === id).length
      if (running > 0) throw new AdminError(`Application ${id} has ${running} tasks that have not ended; stop them first.`)
      if (!(await store.applications.remove(id))) throw new AdminError(`There is no application ${id}.`)
      accounts.changed()
      return { removed: id }
    }),
  }
}

type Changes = Pick<z.output<typeof createSchema>, 'requirePrivileges' | 'maxTasks' | 'callbacks'>

const changed = (record: ApplicationRecord, { requirePrivileges, maxTasks, callbacks = {} }: Changes): ApplicationRecord => ({
  ...record,
  requiresPrivileges: requirePrivileges ?? record.requiresPrivileges,
  maxTasks: maxTasks === undefined ? record.maxTasks : maxTasks,
  callbacks: changedCallbacks(record.callbacks, callbacks),
})

const shown = ({ id, requiresPrivileges, maxTasks, callbacks }: ApplicationRecord) => ({
  sdkAppId: id,
  requirePrivileges: requiresPrivileges,
  maxTasks: maxTasks ?? 'as set',
  callbacks: Object.fromEntries(
    callbackFamilies.flatMap((family) => {
      const callback = callbacks[family]
      return callback === undefined ? [] : [[family, { url: withoutSecrets(callback.url), isSigned: callback.key !== null }]]
    }),
  ),
})

/** Receivers often carry a token in the address. */
function withoutSecrets(url: string): string {
  const { protocol, host, pathname, search } = new URL(url)
  return `${protocol}//${host}${pathname}${search === '' ? '' : '?…'}`
}
