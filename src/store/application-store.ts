// Applications: what signs their UserSigs, what they ask of users, how much they may run, and where their events go.
import type { Selectable } from 'kysely'
import type { Database } from './database.ts'
import { applicationPlace } from './places.ts'
import type { Seal } from './sealed.ts'
import type { ApplicationTable } from './tables.ts'

/** Rooms and media (event groups 1 and 2) and relay (group 4) report to addresses of their own. */
export const callbackFamilies = ['rooms', 'relay'] as const

export type CallbackFamily = (typeof callbackFamilies)[number]

export interface Callback {
  readonly url: string
  /** Secret: signs the events. `null`: they go unsigned. */
  readonly key: string | null
}

export interface ApplicationRecord {
  readonly id: number
  /** Secret; `null`: it stands in the settings. */
  readonly userSigKey: string | null
  readonly requiresPrivileges: boolean
  /** `null`: as many as the setting says. */
  readonly maxTasks: number | null
  readonly callbacks: Readonly<Partial<Record<CallbackFamily, Callback>>>
  /** Unix ms. */
  readonly createdAt: number
}

export class ApplicationStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** False: the id is taken. */
  async add(application: ApplicationRecord): Promise<boolean> {
    const { db, seal } = this.#database
    const row = { id: application.id, created_at: application.createdAt, ...valuesOf(application, seal) }
    const result = await db
      .insertInto('applications')
      .values(row)
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst()
    return (result.numInsertedOrUpdatedRows ?? 0n) > 0n
  }

  /** Replaces all but the id and the creation; without effect when there is none such. */
  async change(application: ApplicationRecord): Promise<void> {
    const { db, seal } = this.#database
    await db.updateTable('applications').set(valuesOf(application, seal)).where('id', '=', application.id).execute()
  }

  /** False: there is none such. */
  async remove(id: number): Promise<boolean> {
    const result = await this.#database.db.deleteFrom('applications').where('id', '=', id).executeTakeFirst()
    return result.numDeletedRows > 0n
  }

  async find(id: number): Promise<ApplicationRecord | null> {
    const { db, seal } = this.#database
    const row = await db.selectFrom('applications').selectAll().where('id', '=', id).executeTakeFirst()
    return row === undefined ? null : recordOf(row, seal)
  }

  /** Oldest first. */
  async list(): Promise<ApplicationRecord[]> {
    const { db, seal } = this.#database
    const rows = await db.selectFrom('applications').selectAll().orderBy('created_at').orderBy('id').execute()
    return rows.map((row) => recordOf(row, seal))
  }
}

function valuesOf({ id, userSigKey, requiresPrivileges, maxTasks, callbacks }: ApplicationRecord, seal: Seal) {
  const { userSigKeyPlace, callbacksPlace } = applicationPlace(id)
  return {
    user_sig_key: userSigKey === null ? null : seal.seal(userSigKey, userSigKeyPlace),
    requires_privileges: requiresPrivileges ? 1 : 0,
    max_tasks: maxTasks,
    callbacks: Object.keys(callbacks).length === 0 ? null : seal.seal(JSON.stringify(callbacks), callbacksPlace),
  }
}

function recordOf(row: Selectable<ApplicationTable>, seal: Seal): ApplicationRecord {
  const { userSigKeyPlace, callbacksPlace } = applicationPlace(row.id)
  return {
    id: row.id,
    userSigKey: row.user_sig_key === null ? null : seal.open(row.user_sig_key, userSigKeyPlace),
    requiresPrivileges: row.requires_privileges !== 0,
    maxTasks: row.max_tasks,
    callbacks: row.callbacks === null ? {} : (JSON.parse(seal.open(row.callbacks, callbacksPlace)) as ApplicationRecord['callbacks']),
    createdAt: row.created_at,
  }
}
