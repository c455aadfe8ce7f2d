// `tributary key …` and `tributary app …`.
import { InvalidArgumentError, type Command } from 'commander'
import { showAdmin, withAdminFlags } from '../admin/admin-command-line.ts'
import type { AdminTarget } from '../admin/run-admin.ts'
import { parseExpiry } from './parse-expiry.ts'

interface KeyFlags extends AdminTarget {
  readonly account?: string
  readonly app?: readonly number[]
  readonly token?: string | true
  readonly expires?: number
}

interface ApplicationFlags extends AdminTarget {
  readonly id?: number
  readonly userSigKey?: string
  readonly newUserSigKey?: boolean
  readonly requirePrivileges?: boolean
  readonly maxTasks?: number | 'default'
  readonly callbackUrl?: string
  readonly callbackKey?: string
  readonly roomsCallbackUrl?: string
  readonly roomsCallbackKey?: string
  readonly relayCallbackUrl?: string
  readonly relayCallbackKey?: string
}

/** Adds both commands to the program. */
export function addAccountCommands(program: Command): void {
  const key = program.command('key').description('keys that API requests are signed with')
  withAdminFlags(key.command('create').description('make a key; its SecretKey is shown once'))
    .option('--account <name>', 'whose rate limits it counts for')
    .option('--app <ids...>', 'SdkAppIds it has a right to (without: all)', numbers)
    .option('--token [token]', 'make it a temporary key with this token, or with one made here')
    .option('--expires <when>', 'as in 45m, 12h, 30d or 2027-01-31T00:00:00Z', expiry)
    .action(({ account, app: applications, token, expires: expiresAt, ...target }: KeyFlags) =>
      showAdmin(target, 'key create', { account, applications, token, expiresAt }),
    )
  withAdminFlags(key.command('list').description('all keys, without their secrets')).action((target: AdminTarget) =>
    showAdmin(target, 'key list', {}),
  )
  withAdminFlags(key.command('revoke <secretId>').description('a key is refused from now on')).action(
    (secretId: string, target: AdminTarget) => showAdmin(target, 'key revoke', { secretId }),
  )

  const app = program.command('app').description('applications: who signs UserSigs, limits, callbacks')
  withTraits(app.command('create').description('make an application; its SDKSecretKey is shown once'))
    .option('--id <number>', 'its SdkAppId (without: one is made)', number)
    .option('--user-sig-key <key>', 'its SDKSecretKey (without: one is made)')
    .action(({ id, userSigKey, ...flags }: ApplicationFlags) =>
      showAdmin(targetOf(flags), 'app create', { id, userSigKey, ...traitsOf(flags) }),
    )
  withTraits(app.command('update').argument('<id>', 'SdkAppId', number).description('change what is given, leave the rest'))
    .option('--user-sig-key <key>', 'another SDKSecretKey: UserSigs of the old one end to hold')
    .option('--new-user-sig-key', 'make another SDKSecretKey')
    .action((id: number, { userSigKey, newUserSigKey, ...flags }: ApplicationFlags) =>
      showAdmin(targetOf(flags), 'app update', { id, userSigKey: newUserSigKey === true ? true : userSigKey, ...traitsOf(flags) }),
    )
  withAdminFlags(app.command('list').description('all applications, without their secrets')).action((target: AdminTarget) =>
    showAdmin(target, 'app list', {}),
  )
  withAdminFlags(app.command('remove').argument('<id>', 'SdkAppId', number).description('forget an application without tasks')).action(
    (id: number, target: AdminTarget) => showAdmin(target, 'app remove', { id }),
  )
}

const withTraits = (command: Command): Command =>
  withAdminFlags(command)
    .option('--require-privileges', 'UserSigs must carry privileges (PrivateMapKey)')
    .option('--no-require-privileges', 'UserSigs need no privileges')
    .option('--max-tasks <count>', 'most tasks at a time; "default": as the setting says', limit)
    .option('--callback-url <url>', 'where all events go; "" for nowhere')
    .option('--callback-key <key>', 'what they are signed with; "" for not at all')
    .option('--rooms-callback-url <url>', 'where events of rooms and media go (groups 1 and 2)')
    .option('--rooms-callback-key <key>', 'what they are signed with')
    .option('--relay-callback-url <url>', 'where events of relays go (group 4)')
    .option('--relay-callback-key <key>', 'what they are signed with')

const targetOf = ({ config, dataDir, json }: ApplicationFlags & { readonly json?: boolean }) => ({
  ...(config === undefined ? {} : { config }),
  ...(dataDir === undefined ? {} : { dataDir }),
  ...(json === undefined ? {} : { json }),
})

const traitsOf = (flags: ApplicationFlags) => ({
  requirePrivileges: flags.requirePrivileges,
  maxTasks: flags.maxTasks === 'default' ? null : flags.maxTasks,
  callbacks: {
    rooms: { url: given(flags.roomsCallbackUrl ?? flags.callbackUrl), key: given(flags.roomsCallbackKey ?? flags.callbackKey) },
    relay: { url: given(flags.relayCallbackUrl ?? flags.callbackUrl), key: given(flags.relayCallbackKey ?? flags.callbackKey) },
  },
})

/** An empty text takes a value away. */
const given = (text: string | undefined): string | null | undefined => (text === '' ? null : text)

function number(text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.')
  return Number(text)
}

const numbers = (text: string, before: readonly number[] = []): number[] => [...before, ...text.split(',').map(number)]

const limit = (text: string): number | 'default' => (text === 'default' ? text : number(text))

function expiry(text: string): number {
  const at = parseExpiry(text, Date.now())
  if (at === null) throw new InvalidArgumentError('It must be a time from now as in 45m, 12h or 30d, or a date as in 2027-01-31T00:00:00Z.')
  return at
}
