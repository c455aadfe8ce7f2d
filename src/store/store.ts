// All stores over one database.
import { randomBytes } from 'node:crypto'
import { ApiKeyStore } from './api-key-store.ts'
import { ApplicationStore } from './application-store.ts'
import { CallbackStore } from './callback-store.ts'
import type { Database } from './database.ts'
import { LeaseStore } from './lease-store.ts'
import { migrate } from './migrations.ts'
import { OutputStore } from './output-store.ts'
import { RelayStatusStore } from './relay-status-store.ts'
import { RoomHistoryStore } from './room-history-store.ts'
import { verifySeal } from './seal-check.ts'
import { Seal } from './sealed.ts'
import { openSqlite } from './sqlite.ts'
import { TaskStore } from './task-store.ts'
import { UsageStore } from './usage-store.ts'
import { WorkerStore } from './worker-store.ts'

export interface Store {
  readonly tasks: TaskStore
  readonly leases: LeaseStore
  readonly outputs: OutputStore
  readonly workers: WorkerStore
  readonly usage: UsageStore
  readonly applications: ApplicationStore
  readonly apiKeys: ApiKeyStore
  readonly callbacks: CallbackStore
  readonly roomHistory: RoomHistoryStore
  readonly relayStatuses: RelayStatusStore
  close(): Promise<void>
}

/** Steps after which the file still holds what they replaced. */
const REPLACING_STEP = '0002-accounts'

/** Without a master key nothing outlives the process: another cannot read what was stored, and says so. */
const passingKey = randomBytes(32).toString('hex')

/**
 * Opens the embedded database and brings its schema up to date.
 * @param path a file, or `:memory:`
 * @param now the database's clock, Unix milliseconds
 * @param masterKey what secrets in it are sealed under
 * @throws {StoreError} naming the file, if it is no database or another process has it; if the master key is another one's
 */
export async function openStore(path: string, now: () => number = Date.now, masterKey: string = passingKey): Promise<Store> {
  const database: Database = { ...openSqlite(path, now), seal: new Seal(masterKey) }
  try {
    const steps = await migrate(database.db, database.seal)
    if (steps.includes(REPLACING_STEP)) await database.compact()
    await verifySeal(database.db, database.seal)
  } catch (error) {
    await database.close()
    throw error
  }
  return {
    tasks: new TaskStore(database),
    leases: new LeaseStore(database),
    outputs: new OutputStore(database),
    workers: new WorkerStore(database),
    usage: new UsageStore(database),
    applications: new ApplicationStore(database),
    apiKeys: new ApiKeyStore(database),
    callbacks: new CallbackStore(database),
    roomHistory: new RoomHistoryStore(database),
    relayStatuses: new RelayStatusStore(database),
    close: database.close,
  }
}
