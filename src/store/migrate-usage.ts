// Migration 0004: what tasks mixed and sent, minute by minute.
import type { Migration } from 'kysely/migration'

export const usageMigration: Migration = {
  async up(db) {
    // The minute stands first in the keys: questions and clearing up are about spans of time.
    await db.schema
      .createTable('usage_mixed')
      .addColumn('minute_at', 'bigint', (column) => column.notNull())
      .addColumn('app_id', 'bigint', (column) => column.notNull())
      .addColumn('task_id', 'text', (column) => column.notNull())
      .addColumn('epoch', 'bigint', (column) => column.notNull())
      .addColumn('tier', 'text', (column) => column.notNull())
      .addColumn('ms', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('usage_mixed_key', ['minute_at', 'app_id', 'task_id', 'epoch', 'tier'])
      .execute()
    await db.schema
      .createTable('usage_sent')
      .addColumn('minute_at', 'bigint', (column) => column.notNull())
      .addColumn('app_id', 'bigint', (column) => column.notNull())
      .addColumn('task_id', 'text', (column) => column.notNull())
      .addColumn('epoch', 'bigint', (column) => column.notNull())
      .addColumn('billing', 'text', (column) => column.notNull())
      .addColumn('bytes', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('usage_sent_key', ['minute_at', 'app_id', 'task_id', 'epoch', 'billing'])
      .execute()
  },
}
