// The machines that run engines, as admission sees them.
import { sql } from 'kysely'
import type { Database } from './database.ts'

/** How long a worker counts as living after it last said so, by the database's clock. */
export const WORKER_LEASE_MS = 10_000

export class WorkerStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** The worker lives and can hold tasks of `capacity` work units together. */
  async present(id: string, capacity: number): Promise<void> {
    const alive = { capacity, lease_until: sql<number>`${this.#database.now} + ${sql.lit(WORKER_LEASE_MS)}` }
    await this.#database.db
      .insertInto('workers')
      .values({ id, ...alive })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(alive))
      .execute()
  }

  /** The worker takes no more tasks. */
  async gone(id: string): Promise<void> {
    await this.#database.db.deleteFrom('workers').where('id', '=', id).execute()
  }
}
