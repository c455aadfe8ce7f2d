// The embedded database: Kysely on node:sqlite. The only file that knows this dialect.
import { chmodSync, closeSync, openSync } from 'node:fs'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { Kysely, SqliteDialect, sql } from 'kysely'
import type { Connection } from './database.ts'
import { StoreError } from './store-error.ts'
import type { Tables } from './tables.ts'

/** A server that ends lets go of its file within this time. */
const BUSY_MS = 5000

/**
 * Opens the database file for this process alone, making it for its owner only.
 * @param path a file, or `:memory:`
 * @param now the database's clock, Unix milliseconds
 * @throws {StoreError} naming the file, if it is no database or another process has it
 */
export function openSqlite(path: string, now: () => number = Date.now, busyMs = BUSY_MS): Connection {
  if (path !== ':memory:') keepPrivate(path)
  const raw = new DatabaseSync(path, { enableForeignKeyConstraints: true, timeout: busyMs })
  try {
    // Exclusive: a second server on the same file would adopt the tasks of the first.
    raw.exec(
      'pragma locking_mode = exclusive; pragma journal_mode = wal; pragma synchronous = full; pragma secure_delete = on; begin immediate; commit',
    )
  } catch (error) {
    raw.close()
    const reason = error instanceof Error ? error.message : String(error)
    throw new StoreError(`The database ${path} cannot be used (${reason}). One server at a time may have it.`, { cause: error })
  }
  raw.function('now_ms', () => now())
  const prepare = (text: string) => {
    const statement = raw.prepare(text)
    const values = (parameters: readonly unknown[]): SQLInputValue[] => [...parameters] as SQLInputValue[]
    return {
      reader: statement.columns().length > 0,
      all: (parameters: readonly unknown[]): unknown[] => statement.all(...values(parameters)),
      run: (parameters: readonly unknown[]) => statement.run(...values(parameters)),
      iterate: (parameters: readonly unknown[]): IterableIterator<unknown> => statement.iterate(...values(parameters)),
    }
  }
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: { close: () => raw.close(), prepare } }) })
  return {
    db,
    now: sql<number>`cast(now_ms() as integer)`,
    // SQLite has one writer at a time: a claim never meets another.
    skipLocked: (query) => query,
    async compact() {
      raw.exec('vacuum; pragma wal_checkpoint(truncate)')
    },
    async close() {
      await db.destroy()
      // Kysely closes only what it has used.
      if (raw.isOpen) raw.close()
    },
  }
}

/** Write-ahead files take over the mode of the database file. */
function keepPrivate(path: string): void {
  closeSync(openSync(path, 'a', 0o600))
  chmodSync(path, 0o600)
}
