// Who runs a task, and what the runner writes. Every write carries the epoch of its claim: a worker that lost a task cannot touch it.
import { sql, type UpdateObject } from 'kysely'
import type { Database } from './database.ts'
import type { Tables, TaskEndReason, TaskState } from './tables.ts'
import { activeStates, START_LIMIT_MS, STOP_LIMIT_MS, transitionOn, type TaskEvent } from './task-states.ts'
import { taskOf, type Task } from './task.ts'

/** How long a claim holds without renewal, by the database's clock. */
export const LEASE_MS = 4000

/** One claim of one task. */
export interface Lease {
  readonly id: string
  readonly epoch: number
}

export interface RenewedLease extends Lease {
  readonly state: TaskState
  readonly revision: number
}

export class LeaseStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Takes the oldest waiting task that costs at most `free`, or `null`. A task waits when nobody else holds a living lease of it. */
  async claim(workerId: string, free: number, at: number): Promise<Task | null> {
    const { db, now, seal, skipLocked } = this.#database
    const row = await db
      .updateTable('tasks')
      .set(this.#taken(workerId, at))
      .where('id', '=', (e) =>
        skipLocked(
          e
            .selectFrom('tasks')
            .select('id')
            .where('state', 'in', activeStates)
            .where('lease_until', '<', now)
            // A worker that stalled for longer than its lease still runs its tasks: it renews, it does not claim.
            .where((own) => own.or([own('owner', 'is', null), own('owner', '<>', workerId)]))
            .where('cost', '<=', free)
            .orderBy('created_at')
            .limit(1),
        ),
      )
      .returningAll()
      .executeTakeFirst()
    return row === undefined ? null : taskOf(row, seal)
  }

  /** Takes back what a server of this name held before it ended, without waiting for its leases to run out. */
  async adopt(workerId: string, at: number): Promise<Task[]> {
    const rows = await this.#database.db
      .updateTable('tasks')
      .set(this.#taken(workerId, at))
      .where('owner', '=', workerId)
      .where('state', 'in', activeStates)
      .returningAll()
      .execute()
    return rows.map((row) => taskOf(row, this.#database.seal))
  }

  #taken(workerId: string, at: number): UpdateObject<Tables, 'tasks'> {
    const { from, to } = transitionOn('taken-over')
    return {
      owner: workerId,
      epoch: sql`epoch + 1`,
      lease_until: this.#until(),
      started_at: sql`coalesce(started_at, ${at})`,
      restarts: sql`restarts + case when started_at is null then 0 else 1 end`,
      state: sql<TaskState>`case when state in (${sql.join(from)}) then ${to} else state end`,
      idle_since: null,
      deadline_at: sql<number | null>`case when state = 'starting' then ${at + START_LIMIT_MS} end`,
    }
  }

  #until() {
    return sql<number>`${this.#database.now} + ${sql.lit(LEASE_MS)}`
  }

  /** Renews all leases of a worker. A lease that is missing from the answer is no longer its own. */
  async renew(workerId: string): Promise<RenewedLease[]> {
    return this.#database.db
      .updateTable('tasks')
      .set({ lease_until: this.#until() })
      .where('owner', '=', workerId)
      .where('state', '<>', 'ended')
      .returning(['id', 'epoch', 'state', 'revision'])
      .execute()
  }

  /** Leaves the task to whoever claims it next; its state stays. */
  async release(lease: Lease): Promise<void> {
    await this.#update(lease, { owner: null, lease_until: 0 }).execute()
  }

  /** The engine ticks. */
  async engineStarted(lease: Lease): Promise<void> {
    await this.#move(lease, 'engine-started', { deadline_at: null })
  }

  /** The engine died and a successor is on its way, which has to see for itself whether anybody is there. */
  async engineLost(lease: Lease): Promise<void> {
    await this.#update(lease, {
      restarts: sql`restarts + 1`,
      deadline_at: sql<number | null>`case when state = 'idle' then null else deadline_at end`,
    }).execute()
  }

  /** Nobody takes part since `since`, and since earlier if the row says so. */
  async everybodyLeft(lease: Lease, since: number, maxIdleMs: number): Promise<void> {
    await this.#move(lease, 'everybody-left', { idle_since: since })
    const idle = { deadline_at: sql<number>`idle_since + ${maxIdleMs}` }
    await this.#update(lease, idle).where('state', '=', 'idle').execute()
  }

  async somebodyBack(lease: Lease): Promise<void> {
    await this.#move(lease, 'somebody-back', { idle_since: null, deadline_at: null })
  }

  async robotRemoved(lease: Lease, reason: TaskEndReason, detail: string, at: number): Promise<void> {
    await this.#move(lease, 'robot-removed', { end_reason: reason, end_detail: detail, deadline_at: at + STOP_LIMIT_MS })
  }

  /** A stopping task has ended: its engine is gone. */
  async engineGone(lease: Lease, at: number): Promise<void> {
    await this.#move(lease, 'engine-gone', { ended_at: at, owner: null, deadline_at: null })
  }

  /** The task ends, because engines cannot run it. */
  async failed(lease: Lease, detail: string, at: number): Promise<void> {
    await this.#move(lease, 'failed', { end_reason: 'internal_error', end_detail: detail, ended_at: at, owner: null, deadline_at: null })
  }

  async #move(lease: Lease, event: TaskEvent, values: UpdateObject<Tables, 'tasks'>): Promise<void> {
    const { from, to } = transitionOn(event)
    await this.#update(lease, { ...values, state: to })
      .where('state', 'in', from)
      .execute()
  }

  #update({ id, epoch }: Lease, values: UpdateObject<Tables, 'tasks'>) {
    return this.#database.db.updateTable('tasks').set(values).where('id', '=', id).where('epoch', '=', epoch).where('owner', 'is not', null)
  }
}
