// Migration 0002: applications and API keys, and everything secret of older versions sealed.
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import { sealCheck } from './seal-check.ts'
import { outputPlace, taskPlace } from './places.ts'
import type { Seal } from './sealed.ts'
import type { Tables } from './tables.ts'

/** Rows written before are sealed under `seal`, all or none. */
export const accountsMigration = (seal: Seal): Migration => ({
  up: (db: Kysely<Tables>) => (db.isTransaction ? change(db, seal) : db.transaction().execute((transaction) => change(transaction, seal))),
})

async function change(db: Kysely<Tables>, seal: Seal): Promise<void> {
  await db.schema
    .createTable('applications')
    .addColumn('id', 'bigint', (column) => column.primaryKey())
    .addColumn('user_sig_key', 'text')
    .addColumn('requires_privileges', 'integer', (column) => column.notNull())
    .addColumn('max_tasks', 'integer')
    .addColumn('callbacks', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('api_keys')
    .addColumn('secret_id', 'text', (column) => column.primaryKey())
    .addColumn('secret_key', 'text', (column) => column.notNull())
    .addColumn('account', 'text', (column) => column.notNull())
    .addColumn('token', 'text')
    .addColumn('expires_at', 'bigint')
    .addColumn('applications', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('seal_check')
    .addColumn('sealed', 'text', (column) => column.primaryKey())
    .execute()
  await db
    .insertInto('seal_check')
    .values({ sealed: sealCheck(seal) })
    .execute()
  await sealTasks(db, seal)
  await sealOutputs(db, seal)
}

async function sealTasks(db: Kysely<Tables>, seal: Seal): Promise<void> {
  for (const { id, spec } of await db.selectFrom('tasks').select(['id', 'spec']).execute()) {
    await db
      .updateTable('tasks')
      .set({ spec: seal.seal(spec, taskPlace(id)) })
      .where('id', '=', id)
      .execute()
  }
}

async function sealOutputs(db: Kysely<Tables>, seal: Seal): Promise<void> {
  for (const { task_id, url, error } of await db.selectFrom('outputs').select(['task_id', 'url', 'error']).execute()) {
    const { urlPlace, errorPlace } = outputPlace(task_id)
    await db
      .updateTable('outputs')
      .set({ url: seal.sealSame(url, urlPlace), error: error === null ? null : seal.seal(error, errorPlace) })
      .where('task_id', '=', task_id)
      .where('url', '=', url)
      .execute()
  }
}
