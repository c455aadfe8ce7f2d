// A command of the command line: by the server that runs, or without one on the database itself.
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { loadConfig } from '../../config.ts'
import { openStore } from '../../store/store.ts'
import { createAccounts } from '../accounts/accounts.ts'
import { builtInAccount } from '../accounts/built-in-account.ts'
import { loadSecrets } from '../secrets.ts'
import { adminAddress } from './admin-address.ts'
import { AdminError } from './admin-command.ts'
import { createAdminCommands } from './admin-commands.ts'
import { callAdmin, NoServer } from './call-admin.ts'

/** Which server: the one of a data directory, found as the server finds it. */
export interface AdminTarget {
  readonly config?: string
  readonly dataDir?: string
}

/**
 * Carries out a command on a data directory.
 * @throws {AdminError} when it is refused, or no server ever ran there
 */
export async function runAdmin(target: AdminTarget, command: string, input: unknown): Promise<unknown> {
  const config = loadConfig(process.env, { dataDir: target.dataDir }, target.config)
  const dataDir = resolve(config.dataDir)
  try {
    return await callAdmin(adminAddress(dataDir), command, input)
  } catch (error) {
    if (!(error instanceof NoServer)) throw error
  }
  const file = join(dataDir, 'tributary.sqlite')
  if (!existsSync(file))
    throw new AdminError(`No server has run with the data directory ${dataDir} yet: start one, or name another with --data-dir.`)
  const { secrets } = loadSecrets(dataDir, config.masterKey)
  const store = await openStore(file, Date.now, secrets.masterKey)
  try {
    const builtIn = builtInAccount(config, secrets)
    const accounts = createAccounts({ store, builtIn, maxTasks: config.maxTasks, now: Date.now })
    const run = createAdminCommands({ store, accounts, builtIn, now: Date.now })[command]
    if (run === undefined) throw new AdminError(`There is no command "${command}".`)
    return await run(input)
  } finally {
    await store.close()
  }
}
