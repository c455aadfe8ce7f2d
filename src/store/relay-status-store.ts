// What was last told of the pushes of each task, so that a restarted server goes on telling instead of beginning again.
import type { Database } from './database.ts'
import { relayStatusPlace } from './places.ts'
import { taskOf, type Task } from './task.ts'

export class RelayStatusStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** What `save` got last; `null`: nothing is told of the task, or all was. */
  async find(taskId: string): Promise<string | null> {
    const { db, seal } = this.#database
    const row = await db.selectFrom('relay_statuses').select('statuses').where('task_id', '=', taskId).executeTakeFirst()
    return row === undefined ? null : seal.open(row.statuses, relayStatusPlace(taskId))
  }

  /** @param statuses a text with push addresses, which is sealed; `null`: nothing is left to tell */
  async save(taskId: string, statuses: string | null): Promise<void> {
    const { db, seal } = this.#database
    if (statuses === null) {
      await db.deleteFrom('relay_statuses').where('task_id', '=', taskId).execute()
      return
    }
    const sealed = seal.seal(statuses, relayStatusPlace(taskId))
    await db
      .insertInto('relay_statuses')
      .values({ task_id: taskId, statuses: sealed })
      .onConflict((conflict) => conflict.column('task_id').doUpdateSet({ statuses: sealed }))
      .execute()
  }

  /** Tasks that ended before `at` with nobody to tell it. */
  async untold(at: number): Promise<Task[]> {
    const { db, seal } = this.#database
    const rows = await db
      .selectFrom('tasks')
      .selectAll()
      .where('id', 'in', (e) => e.selectFrom('relay_statuses').select('task_id'))
      .where('state', '=', 'ended')
      .where('ended_at', '<', at)
      .execute()
    return rows.map((row) => taskOf(row, seal))
  }
}
