// `key create|list|revoke`: API keys besides the one of the settings.
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { AdminError, adminCommand, type AdminCommands } from '../admin/admin-command.ts'
import type { AdminPorts } from '../admin/admin-commands.ts'
import { BUILT_IN_ACCOUNT } from './accounts.ts'
import { sdkAppId } from './sdk-app-id.ts'

const createSchema = z.strictObject({
  /** Whose rate limits the key counts for. */
  account: z
    .string()
    .regex(/^[A-Za-z0-9._@-]{1,64}$/, 'must be 1 to 64 letters, digits, ".", "_", "@" or "-"')
    .default(BUILT_IN_ACCOUNT),
  /** None: all. */
  applications: z.array(sdkAppId).min(1).optional(),
  /** Of a temporary key; true: one is made. */
  token: z
    .union([z.literal(true), z.string().regex(/^[\x21-\x7e]{16,1024}$/, 'must be 16 to 1024 visible characters of ASCII')])
    .optional(),
  /** Unix ms. */
  expiresAt: z.number().int().optional(),
})

const revokeSchema = z.strictObject({ secretId: z.string().min(1) })

const hex = (bytes: number): string => randomBytes(bytes).toString('hex')

const instant = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString())

/** The SecretKey and the token are shown by `key create` and never again. */
export const keyCommands = ({ store, accounts, builtIn, now }: AdminPorts): AdminCommands => ({
  'key create': adminCommand(createSchema, async ({ account, applications: named, token, expiresAt = null }) => {
    if (expiresAt !== null && expiresAt <= now()) throw new AdminError(`The key must expire in the future (got ${instant(expiresAt)}).`)
    for (const id of named ?? []) {
      if ((await accounts.findApplication(id)) === null) throw new AdminError(`There is no application ${id}; "app create" makes one.`)
    }
    const key = { secretId: `AKID${hex(16)}`, secretKey: hex(16), token: token === true ? hex(32) : (token ?? null) }
    const applications = named ?? 'all'
    await store.apiKeys.add({ ...key, account, expiresAt, applications, createdAt: now() })
    accounts.changed()
    return {
      secretId: key.secretId,
      secretKey: key.secretKey,
      ...(key.token === null ? {} : { token: key.token }),
      account,
      applications,
      expiresAt: instant(expiresAt),
    }
  }),

  'key list': adminCommand(z.strictObject({}), async () => [
    { secretId: builtIn.secretId, account: BUILT_IN_ACCOUNT, applications: 'all', origin: 'settings' },
    ...(await store.apiKeys.list()).map(({ secretId, account, applications, token, expiresAt, createdAt }) => ({
      secretId,
      account,
      applications,
      isTemporary: token !== null,
      createdAt: instant(createdAt),
      expiresAt: instant(expiresAt),
      isExpired: expiresAt !== null && expiresAt <= now(),
    })),
  ]),

  'key revoke': adminCommand(revokeSchema, async ({ secretId }) => {
    if (secretId === builtIn.secretId)
      throw new AdminError(`${secretId} is the key of the settings: change secretId and secretKey there, or in secrets.json.`)
    if (!(await store.apiKeys.remove(secretId))) throw new AdminError(`There is no key ${JSON.stringify(secretId.slice(0, 64))}.`)
    accounts.changed()
    return { revoked: secretId }
  }),
})
