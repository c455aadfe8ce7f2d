// Keys and applications as the rest of the server asks for them: those of the settings and those of the database.
import type { UserRef } from '../../mix/room.ts'
import type { ApiKeyRecord } from '../../store/api-key-store.ts'
import type { ApplicationRecord, Callback, CallbackFamily } from '../../store/application-store.ts'
import type { Store } from '../../store/store.ts'
import { verifyUserSig, type UserSigCheck } from '../../trtc/user-sig.ts'
import type { ApiKey } from '../gateway/api-key.ts'
import type { Credentials } from '../gateway/authenticate.ts'
import type { Application, Applications } from '../handlers/applications.ts'
import type { BuiltInAccount } from './built-in-account.ts'
import { RecordCache } from './record-cache.ts'

/** Whose limits the key of the settings counts for. */
export const BUILT_IN_ACCOUNT = 'default'

const CACHED_RECORDS = 1000

export interface KnownApplication extends Application {
  readonly id: number
  /** Its UserSigs must carry privileges (a PrivateMapKey), which are then enforced. */
  readonly requiresPrivileges: boolean
  /** Most tasks at a time. */
  readonly maxTasks: number
  readonly callbacks: ApplicationRecord['callbacks']
}

export interface AccountsOptions {
  readonly store: Pick<Store, 'apiKeys' | 'applications'>
  readonly builtIn: BuiltInAccount
  /** Of applications without a limit of their own. */
  readonly maxTasks: number
  /** Unix ms. */
  readonly now: () => number
}

export interface Accounts extends Credentials, Applications {
  find(secretId: string): Promise<ApiKey | null>
  findApplication(sdkAppId: number): Promise<KnownApplication | null>
  /** Where events of a family go; `null`: nowhere. */
  findCallback(sdkAppId: number, family: CallbackFamily): Promise<Callback | null>
  /** Whether a UserSig holds for a user now; `reason` reads on after "UserSig" and holds no part of it. */
  verify(user: UserRef, userSig: string): Promise<UserSigCheck>
  /** To be called after every change of keys or applications in the store: it holds from then on. */
  changed(): void
}

export function createAccounts({ store, builtIn, maxTasks, now }: AccountsOptions): Accounts {
  const builtInKey: ApiKey = {
    secretKey: builtIn.secretKey,
    accountId: BUILT_IN_ACCOUNT,
    token: null,
    expiresAt: null,
    applications: 'all',
  }
  const keys = new RecordCache(CACHED_RECORDS, async (secretId: string) => {
    const record = await store.apiKeys.find(secretId)
    return record === null ? null : keyOf(record)
  })
  const applications = new RecordCache(CACHED_RECORDS, async (id: number): Promise<KnownApplication | null> => {
    const record = await store.applications.find(id)
    // A row without a key says more about the application of the settings, and is nothing without it.
    const userSigKey = id === builtIn.sdkAppId ? builtIn.sdkSecretKey : (record?.userSigKey ?? null)
    if (userSigKey === null) return null
    return {
      id,
      userSigKey,
      requiresPrivileges: record?.requiresPrivileges ?? false,
      maxTasks: record?.maxTasks ?? maxTasks,
      callbacks: record?.callbacks ?? {},
    }
  })

  return {
    find: async (secretId) => (secretId === builtIn.secretId ? builtInKey : await keys.get(secretId)),
    findApplication: (sdkAppId) => applications.get(sdkAppId),
    findCallback: async (sdkAppId, family) => (await applications.get(sdkAppId))?.callbacks[family] ?? null,
    async verify({ room, userId }, userSig) {
      const application = await applications.get(room.appId)
      if (application === null) return { ok: false, reason: `is for application ${room.appId}, which this server does not have` }
      return verifyUserSig(userSig, { sdkAppId: room.appId, userId, key: application.userSigKey }, now() / 1000)
    },
    changed() {
      keys.clear()
      applications.clear()
    },
  }
}

const keyOf = ({ secretKey, account, token, expiresAt, applications }: ApiKeyRecord): ApiKey => ({
  secretKey,
  accountId: account,
  token,
  expiresAt,
  applications,
})
