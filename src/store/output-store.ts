// The newest state of every output of every task, written by the worker that runs the task.
import type { OutputState, OutputStatus } from '../engine/ipc.ts'
import type { Database } from './database.ts'
import type { Lease } from './lease-store.ts'
import { outputPlace } from './places.ts'

export class OutputStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Notes an output's state; without effect when the lease is no longer the task's. */
  async record({ id, epoch }: Lease, { url, state, error, changedAt }: OutputStatus): Promise<void> {
    const { db, seal } = this.#database
    const { urlPlace, errorPlace } = outputPlace(id)
    const sealedError = error === null ? null : seal.seal(error, errorPlace)
    await db
      .insertInto('outputs')
      .columns(['task_id', 'url', 'state', 'error', 'changed_at'])
      .expression((e) =>
        e
          .selectFrom('tasks')
          .select((row) => [
            'id as task_id',
            row.val(seal.sealSame(url, urlPlace)).as('url'),
            row.val<string>(state).as('state'),
            row.val(sealedError).as('error'),
            row.val(changedAt).as('changed_at'),
          ])
          .where('id', '=', id)
          .where('epoch', '=', epoch)
          .where('owner', 'is not', null),
      )
      .onConflict((conflict) => conflict.columns(['task_id', 'url']).doUpdateSet({ state, error: sealedError, changed_at: changedAt }))
      .execute()
  }

  /** Outputs that were pushing have lost their engine. */
  async broken({ id, epoch }: Lease, error: string, at: number): Promise<void> {
    const state: OutputState = 'recovering'
    const { db, seal } = this.#database
    await db
      .updateTable('outputs')
      .set({ state, error: seal.seal(error, outputPlace(id).errorPlace), changed_at: at })
      .where('task_id', '=', id)
      .where('state', '=', 'running' satisfies OutputState)
      .where((e) =>
        e.exists(e.selectFrom('tasks').select('id').where('id', '=', id).where('epoch', '=', epoch).where('owner', 'is not', null)),
      )
      .execute()
  }

  /** By task id, in the order of addresses. */
  async ofTasks(ids: readonly string[]): Promise<Map<string, OutputStatus[]>> {
    if (ids.length === 0) return new Map()
    const { db, seal } = this.#database
    const rows = await db.selectFrom('outputs').selectAll().where('task_id', 'in', ids).execute()
    const found = new Map<string, OutputStatus[]>()
    for (const { task_id, url, state, error, changed_at } of rows) {
      const { urlPlace, errorPlace } = outputPlace(task_id)
      const status: OutputStatus = {
        url: seal.open(url, urlPlace),
        state: state as OutputState,
        error: error === null ? null : seal.open(error, errorPlace),
        changedAt: changed_at,
      }
      found.set(task_id, [...(found.get(task_id) ?? []), status])
    }
    for (const outputs of found.values()) outputs.sort((one, other) => (one.url < other.url ? -1 : 1))
    return found
  }
}
