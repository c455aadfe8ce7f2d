// Migration 0003: the log of events for callbacks, and what was last told of every push.
import { sql } from 'kysely'
import type { Migration } from 'kysely/migration'

export const callbacksMigration: Migration = {
  async up(db) {
    await db.schema
      .createTable('callback_events')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('app_id', 'bigint', (column) => column.notNull())
      .addColumn('family', 'text', (column) => column.notNull())
      .addColumn('event_group', 'integer', (column) => column.notNull())
      .addColumn('event_type', 'integer', (column) => column.notNull())
      .addColumn('subject', 'text', (column) => column.notNull())
      .addColumn('task_id', 'text')
      .addColumn('info', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('tries', 'integer', (column) => column.notNull())
      .addColumn('retry_from', 'bigint', (column) => column.notNull())
      .addColumn('due_at', 'bigint')
      .addColumn('settled_at', 'bigint')
      .addColumn('last_error', 'text')
      .execute()
    await db.schema
      .createIndex('callback_events_due')
      .on('callback_events')
      .columns(['app_id', 'family', 'subject', 'id'])
      .where(sql.ref('due_at'), 'is not', null)
      .execute()
    await db.schema.createIndex('callback_events_created_at').on('callback_events').column('created_at').execute()
    await db.schema.createIndex('callback_events_task').on('callback_events').column('task_id').execute()
    await db.schema
      .createTable('relay_statuses')
      .addColumn('task_id', 'text', (column) => column.primaryKey().references('tasks.id').onDelete('cascade'))
      .addColumn('statuses', 'text', (column) => column.notNull())
      .execute()
  },
}
