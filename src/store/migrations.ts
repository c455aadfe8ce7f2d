// The schema, version by version. A version that was released is never changed; a new one is added below it.
import { sql, type Kysely } from 'kysely'
import { Migrator, type Migration } from 'kysely/migration'
import { accountsMigration } from './migrate-accounts.ts'
import { callbacksMigration } from './migrate-callbacks.ts'
import { roomsMigration } from './migrate-rooms.ts'
import { usageMigration } from './migrate-usage.ts'
import type { Seal } from './sealed.ts'
import type { Tables } from './tables.ts'

const migrationsUnder = (seal: Seal): Record<string, Migration> => ({
  '0001-tasks': {
    async up(db) {
      await db.schema
        .createTable('tasks')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('app_id', 'bigint', (column) => column.notNull())
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('end_reason', 'text')
        .addColumn('end_detail', 'text')
        .addColumn('spec', 'text', (column) => column.notNull())
        .addColumn('revision', 'bigint', (column) => column.notNull())
        .addColumn('sequence_number', 'bigint', (column) => column.notNull())
        .addColumn('cost', 'double precision', (column) => column.notNull())
        .addColumn('owner', 'text')
        .addColumn('epoch', 'bigint', (column) => column.notNull())
        .addColumn('lease_until', 'bigint', (column) => column.notNull())
        .addColumn('restarts', 'integer', (column) => column.notNull())
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('started_at', 'bigint')
        .addColumn('idle_since', 'bigint')
        .addColumn('deadline_at', 'bigint')
        .addColumn('ended_at', 'bigint')
        .execute()
      // Nearly all rows of an old database have ended, and nearly every question is about the others.
      await db.schema
        .createIndex('tasks_alive')
        .on('tasks')
        .columns(['app_id', 'owner'])
        .where(sql.ref('state'), '<>', sql.lit('ended'))
        .execute()
      await db.schema.createIndex('tasks_ended_at').on('tasks').column('ended_at').execute()
      await db.schema
        .createTable('outputs')
        .addColumn('task_id', 'text', (column) => column.notNull().references('tasks.id').onDelete('cascade'))
        .addColumn('url', 'text', (column) => column.notNull())
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('error', 'text')
        .addColumn('changed_at', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('outputs_key', ['task_id', 'url'])
        .execute()
      await db.schema
        .createTable('workers')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('capacity', 'double precision', (column) => column.notNull())
        .addColumn('lease_until', 'bigint', (column) => column.notNull())
        .execute()
    },
  },
  '0002-accounts': accountsMigration(seal),
  '0003-callbacks': callbacksMigration,
  '0004-usage': usageMigration,
  '0005-rooms': roomsMigration,
})

/** Brings the schema to the newest version; throws what the failing step threw. @returns the names of the steps */
export async function migrate(db: Kysely<Tables>, seal: Seal): Promise<string[]> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrationsUnder(seal) } })
  const { error, results = [] } = await migrator.migrateToLatest()
  if (error !== undefined) throw error
  return results.map(({ migrationName }) => migrationName)
}
