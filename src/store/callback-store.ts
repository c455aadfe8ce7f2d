// The log of events: written once, claimed for each try, kept with what became of them.
import type { Selectable } from 'kysely'
import type { CallbackFamily } from './application-store.ts'
import { createCallbackEventIds } from './callback-event-id.ts'
import type { DeliveryState, LoggedCallbackEvent, NewCallbackEvent } from './callback-event.ts'
import type { Database } from './database.ts'
import { callbackInfoPlace } from './places.ts'
import type { CallbackEventTable } from './tables.ts'

/** Events of one application and family have tries, and a receiver, of their own. */
export interface CallbackLane {
  readonly appId: number
  readonly family: CallbackFamily
}

export interface CallbackFilter {
  readonly eventId?: string | undefined
  readonly taskId?: string | undefined
  readonly appId?: number | undefined
  readonly state?: DeliveryState | undefined
  /** Unix ms: created then or later. */
  readonly since?: number | undefined
}

export class CallbackStore {
  readonly #database: Database
  readonly #nextId = createCallbackEventIds()

  constructor(database: Database) {
    this.#database = database
  }

  /** Logs events, due at once; all or none. */
  async add(events: readonly NewCallbackEvent[], at: number): Promise<void> {
    if (events.length === 0) return
    const { db, seal } = this.#database
    const rows = events.map(({ appId, family, group, type, subject, taskId, info }) => {
      const id = this.#nextId(at)
      return {
        id,
        app_id: appId,
        family,
        event_group: group,
        event_type: type,
        subject,
        task_id: taskId,
        info: seal.seal(info, callbackInfoPlace(id)),
        created_at: at,
        state: 'pending' as const,
        tries: 0,
        retry_from: at,
        due_at: at,
      }
    })
    await db.insertInto('callback_events').values(rows).execute()
  }

  /** Where something is due. */
  async dueLanes(at: number): Promise<CallbackLane[]> {
    const rows = await this.#database.db
      .selectFrom('callback_events')
      .select(['app_id', 'family'])
      .distinct()
      .where('due_at', 'is not', null)
      .where('due_at', '<=', at)
      .execute()
    return rows.map(({ app_id, family }) => ({ appId: app_id, family }))
  }

  /**
   * Takes up to `limit` due events of a lane for a try each: of every subject the first, fresh ones before repeated
   * ones. One whose try is never answered for, because the server ended, is due again at `untilAt`.
   * @param busy subjects that are not to be taken
   */
  async claim({ appId, family }: CallbackLane, busy: readonly string[], limit: number, at: number, untilAt: number) {
    const { db, seal } = this.#database
    const first = db
      .selectFrom('callback_events')
      .select((e) => e.fn.min('id').as('id'))
      .where('app_id', '=', appId)
      .where('family', '=', family)
      .where('due_at', 'is not', null)
      .where('due_at', '<=', at)
      .$if(busy.length > 0, (query) => query.where('subject', 'not in', busy))
      .groupBy('subject')
    return db.transaction().execute(async (transaction) => {
      const chosen = await transaction
        .selectFrom('callback_events')
        .select('id')
        .where('id', 'in', first)
        .orderBy('tries')
        .orderBy('id')
        .limit(limit)
        .execute()
      if (chosen.length === 0) return []
      const rows = await transaction
        .updateTable('callback_events')
        .set((e) => ({ tries: e('tries', '+', 1), due_at: untilAt }))
        .where(
          'id',
          'in',
          chosen.map(({ id }) => id),
        )
        .where('due_at', '<=', at)
        .returningAll()
        .execute()
      return rows.map((row) => eventOf(row, seal.open(row.info, callbackInfoPlace(row.id))))
    })
  }

  /** The receiver has it. */
  async delivered(id: string, at: number): Promise<void> {
    await this.#settle(id, 'delivered', null, at)
  }

  /** A try failed; the next is at `dueAt`, or there is none. */
  async failed(id: string, error: string, dueAt: number | null, at: number): Promise<void> {
    if (dueAt === null) return this.#settle(id, 'given-up', error, at)
    await this.#database.db
      .updateTable('callback_events')
      .set({ last_error: error, due_at: dueAt })
      .where('id', '=', id)
      .where('state', '=', 'pending')
      .execute()
  }

  async #settle(id: string, state: DeliveryState, error: string | null, at: number): Promise<void> {
    const outcome = { state, due_at: null, settled_at: at, ...(error === null ? {} : { last_error: error }) }
    await this.#database.db.updateTable('callback_events').set(outcome).where('id', '=', id).where('state', '=', 'pending').execute()
  }

  /** Events with tries to come. */
  async pending(): Promise<number> {
    const { count } = await this.#database.db
      .selectFrom('callback_events')
      .select((e) => e.fn.countAll<number>().as('count'))
      .where('due_at', 'is not', null)
      .executeTakeFirstOrThrow()
    return count
  }

  /** Newest first. */
  async list(filter: CallbackFilter, limit: number): Promise<LoggedCallbackEvent[]> {
    const { db, seal } = this.#database
    const rows = await db
      .selectFrom('callback_events')
      .selectAll()
      .where((e) => e.and(conditions(filter).map(([column, operator, value]) => e(column, operator, value))))
      .orderBy('id', 'desc')
      .limit(limit)
      .execute()
    return rows.map((row) => eventOf(row, seal.open(row.info, callbackInfoPlace(row.id))))
  }

  /** Sends events again, whatever became of them, with all the tries of new ones; answers how many. */
  async replay(filter: CallbackFilter, at: number): Promise<number> {
    const result = await this.#database.db
      .updateTable('callback_events')
      .set({ state: 'pending', tries: 0, retry_from: at, due_at: at, settled_at: null })
      .where((e) => e.and(conditions(filter).map(([column, operator, value]) => e(column, operator, value))))
      .executeTakeFirst()
    return Number(result.numUpdatedRows)
  }

  /** Deletes events that were created before `at`. */
  async forget(at: number): Promise<void> {
    await this.#database.db.deleteFrom('callback_events').where('created_at', '<', at).execute()
  }
}

type Condition = readonly [column: 'id' | 'task_id' | 'app_id' | 'state' | 'created_at', operator: '=' | '>=', value: string | number]

function conditions({ eventId, taskId, appId, state, since }: CallbackFilter): Condition[] {
  const all: Condition[] = []
  if (eventId !== undefined) all.push(['id', '=', eventId])
  if (taskId !== undefined) all.push(['task_id', '=', taskId])
  if (appId !== undefined) all.push(['app_id', '=', appId])
  if (state !== undefined) all.push(['state', '=', state])
  if (since !== undefined) all.push(['created_at', '>=', since])
  return all
}

const eventOf = (row: Selectable<CallbackEventTable>, info: string): LoggedCallbackEvent => ({
  id: row.id,
  appId: row.app_id,
  family: row.family,
  group: row.event_group,
  type: row.event_type,
  subject: row.subject,
  taskId: row.task_id,
  info,
  createdAt: row.created_at,
  state: row.state,
  tries: row.tries,
  retryFrom: row.retry_from,
  dueAt: row.due_at,
  settledAt: row.settled_at,
  lastError: row.last_error,
})
