// Migration 0005: which rooms there were, and who was in them when.
import type { Migration } from 'kysely/migration'

export const roomsMigration: Migration = {
  async up(db) {
    await db.schema
      .createTable('rooms')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('app_id', 'bigint', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('opened_by', 'text', (column) => column.notNull())
      .addColumn('opened_at', 'bigint', (column) => column.notNull())
      .addColumn('seen_at', 'bigint', (column) => column.notNull())
      .addColumn('closed_at', 'bigint')
      .execute()
    await db.schema.createIndex('rooms_opened_at').on('rooms').columns(['app_id', 'opened_at']).execute()
    await db.schema.createIndex('rooms_closed_at').on('rooms').column('closed_at').execute()
    await db.schema
      .createTable('stays')
      .addColumn('room_id', 'text', (column) => column.notNull().references('rooms.id').onDelete('cascade'))
      .addColumn('user_id', 'text', (column) => column.notNull())
      .addColumn('joined_at', 'bigint', (column) => column.notNull())
      .addColumn('left_at', 'bigint')
      .addColumn('client_address', 'text')
      .addColumn('user_agent', 'text')
      .addPrimaryKeyConstraint('stays_key', ['room_id', 'joined_at', 'user_id'])
      .execute()
    await db.schema.createIndex('stays_left_at').on('stays').column('left_at').execute()
  },
}
