// All stores over one database.
import { LeaseStore } from './lease-store.ts'
import { migrate } from './migrations.ts'
import { OutputStore } from './output-store.ts'
import { openSqlite } from './sqlite.ts'
import { TaskStore } from './task-store.ts'
import { WorkerStore } from './worker-store.ts'

export interface Store {
  readonly tasks: TaskStore
  readonly leases: LeaseStore
  readonly outputs: OutputStore
  readonly workers: WorkerStore
  close(): Promise<void>
}

/**
 * Opens the embedded database and brings its schema up to date.
 * @param path a file, or `:memory:`
 * @param now the database's clock, Unix milliseconds
 * @throws {Error} naming the file, if it is no database or another process has it
 */
export async function openStore(path: string, now: () => number = Date.now): Promise<Store> {
  const database = openSqlite(path, now)
  try {
    await migrate(database.db)
  } catch (error) {
    await database.close()
    throw error
  }
  return {
    tasks: new TaskStore(database),
    leases: new LeaseStore(database),
    outputs: new OutputStore(database),
    workers: new WorkerStore(database),
    close: database.close,
  }
}
