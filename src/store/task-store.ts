// Tasks as callers and the clock change them. What the worker that runs a task writes is in lease-store.ts.
import { sql, type Kysely } from 'kysely'
import type { MixSpec } from '../mix/mix-spec.ts'
import type { Database } from './database.ts'
import type { Tables, TaskEndReason } from './tables.ts'
import { activeStates, START_LIMIT_MS, STOP_LIMIT_MS, transitionOn } from './task-states.ts'
import { sealedSpec, taskOf, type Task } from './task.ts'

export interface NewTask {
  readonly id: string
  readonly spec: MixSpec
  readonly cost: number
}

export interface TaskChange {
  readonly spec: MixSpec
  readonly sequenceNumber: number
  readonly cost: number
}

type Verdict = 'added' | 'too-many-tasks' | 'no-capacity'

export class TaskStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /**
   * Stores a task for a worker to claim, unless its application has `maxTasks` already or no living worker could hold it.
   * @param at Unix ms
   */
  async add({ id, spec, cost }: NewTask, maxTasks: number, at: number): Promise<Verdict> {
    const appId = spec.room.appId
    return this.#database.db.transaction().execute(async (db) => {
      const verdict = await this.#verdict(db, appId, cost, maxTasks)
      if (verdict !== 'added') return verdict
      await db
        .insertInto('tasks')
        .values({
          id,
          app_id: appId,
          state: 'starting',
          spec: sealedSpec(id, spec, this.#database.seal),
          revision: 1,
          sequence_number: -1,
          cost,
          epoch: 0,
          lease_until: 0,
          restarts: 0,
          created_at: at,
          deadline_at: at + START_LIMIT_MS,
        })
        .execute()
      return 'added'
    })
  }

  /** What `add` would say now. */
  async couldAdd({ spec, cost }: Omit<NewTask, 'id'>, maxTasks: number): Promise<Verdict> {
    return this.#verdict(this.#database.db, spec.room.appId, cost, maxTasks)
  }

  async #verdict(db: Kysely<Tables>, appId: number, cost: number, maxTasks: number): Promise<Verdict> {
    const { count } = await db
      .selectFrom('tasks')
      .select((e) => e.fn.countAll<number>().as('count'))
      .where('app_id', '=', appId)
      .where('state', '<>', 'ended')
      .executeTakeFirstOrThrow()
    if (count >= maxTasks) return 'too-many-tasks'
    const held = sql<number>`(select coalesce(sum(cost), 0) from tasks where owner = workers.id and state <> 'ended')`
    const waiting = sql<number>`(select coalesce(sum(cost), 0) from tasks where owner is null and state in ('starting', 'running', 'idle'))`
    const worker = await db
      .selectFrom('workers')
      .select('id')
      .where('lease_until', '>=', this.#database.now)
      .where(sql<number>`capacity - ${held} - ${waiting}`, '>=', cost)
      .limit(1)
      .executeTakeFirst()
    return worker === undefined ? 'no-capacity' : 'added'
  }

  async find(id: string): Promise<Task | null> {
    const row = await this.#database.db.selectFrom('tasks').selectAll().where('id', '=', id).executeTakeFirst()
    return row === undefined ? null : taskOf(row, this.#database.seal)
  }

  /** Replaces the spec that stood at `revision`; false: another change or the end came first. */
  async change(id: string, revision: number, { spec, sequenceNumber, cost }: TaskChange): Promise<boolean> {
    const result = await this.#database.db
      .updateTable('tasks')
      .set({ spec: sealedSpec(id, spec, this.#database.seal), sequence_number: sequenceNumber, cost, revision: revision + 1 })
      .where('id', '=', id)
      .where('revision', '=', revision)
      .where('state', 'in', activeStates)
      .executeTakeFirst()
    return result.numUpdatedRows > 0n
  }

  /** The caller ends a task; false: it ends or has ended already. */
  async stop(id: string, at: number): Promise<boolean> {
    const { from, to } = transitionOn('stop')
    const result = await this.#database.db
      .updateTable('tasks')
      .set({ state: to, end_reason: 'stopped', deadline_at: at + STOP_LIMIT_MS })
      .where('id', '=', id)
      .where('state', 'in', from)
      .executeTakeFirst()
    return result.numUpdatedRows > 0n
  }

  /** Moves on every task whose state outlived its deadline, and those that end with no worker to say goodbye for them. */
  async enforceDeadlines(at: number): Promise<void> {
    const { db, now } = this.#database
    const overdue = (event: 'start-overdue' | 'idle-expired' | 'stop-overdue') =>
      db.updateTable('tasks').where('state', 'in', transitionOn(event).from)
    const reason = (name: TaskEndReason, detail: string) => ({ end_reason: name, end_detail: detail })

    await overdue('start-overdue')
      .set({ ...ended('start-overdue', at), ...reason('internal_error', `No engine ran within ${START_LIMIT_MS / 1000} s.`) })
      .where('deadline_at', '<=', at)
      .execute()
    await overdue('idle-expired')
      .set({ state: transitionOn('idle-expired').to, deadline_at: at + STOP_LIMIT_MS })
      .set(reason('idle_timeout', 'Nobody took part for as long as MaxIdleTime allows.'))
      .where('deadline_at', '<=', at)
      .execute()
    await overdue('stop-overdue')
      .set(ended('stop-overdue', at))
      .where((e) => e.or([e('deadline_at', '<=', at), e('owner', 'is', null), e('lease_until', '<', now)]))
      .execute()
  }

  /** Every task that has not ended and the `endedLimit` that ended last; newest first. */
  async list(endedLimit: number): Promise<Task[]> {
    const { db, seal } = this.#database
    const alive = await db.selectFrom('tasks').selectAll().where('state', '<>', 'ended').execute()
    const over = await db
      .selectFrom('tasks')
      .selectAll()
      .where('state', '=', 'ended')
      .orderBy('ended_at', 'desc')
      .limit(endedLimit)
      .execute()
    return [...alive, ...over].map((row) => taskOf(row, seal)).sort((one, other) => other.createdAt - one.createdAt)
  }

  /** Deletes tasks that ended before `at`. */
  async forget(at: number): Promise<void> {
    await this.#database.db.deleteFrom('tasks').where('ended_at', '<', at).execute()
  }
}

const ended = (event: 'start-overdue' | 'stop-overdue', at: number) => ({
  state: transitionOn(event).to,
  ended_at: at,
  owner: null,
  deadline_at: null,
})
