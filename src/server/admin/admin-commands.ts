// The table of administration commands.
import type { Store } from '../../store/store.ts'
import type { Accounts } from '../accounts/accounts.ts'
import { applicationCommands } from '../accounts/application-commands.ts'
import type { BuiltInAccount } from '../accounts/built-in-account.ts'
import { keyCommands } from '../accounts/key-commands.ts'
import { callbackCommands } from '../callbacks/callback-commands.ts'
import type { AdminCommands } from './admin-command.ts'

/** What commands stand on, in a running server and without one alike. */
export interface AdminPorts {
  readonly store: Store
  readonly accounts: Accounts
  readonly builtIn: BuiltInAccount
  /** Unix ms. */
  readonly now: () => number
}

export const createAdminCommands = (ports: AdminPorts): AdminCommands => ({
  ...keyCommands(ports),
  ...applicationCommands(ports),
  ...callbackCommands(ports),
})
