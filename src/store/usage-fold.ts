// Old usage: rows of tasks become rows of their applications, and are deleted in the end.
import { sql, type Kysely } from 'kysely'
import type { Tables } from './tables.ts'
import { USAGE_STEP_MS } from './usage-step.ts'

/**
 * Leaves one row per application and step of all that is older than `before`, rounded down to a step. What reading gives
 * stays the same: mixed time adds up, and of bytes the minute that sent most counts.
 */
export async function foldUsage(db: Kysely<Tables>, before: number): Promise<void> {
  const step = sql.lit(USAGE_STEP_MS)
  const old = sql`minute_at < ${before - (before % USAGE_STEP_MS)} and task_id <> ''`
  await db.transaction().execute(async (change) => {
    await sql`
      insert into usage_mixed (minute_at, app_id, task_id, epoch, tier, ms)
      select minute_at - minute_at % ${step} as step_at, app_id, '', 0, tier, sum(ms) from usage_mixed where ${old}
      group by step_at, app_id, tier
      on conflict (minute_at, app_id, task_id, epoch, tier) do update set ms = usage_mixed.ms + excluded.ms`.execute(change)
    await sql`
      insert into usage_sent (minute_at, app_id, task_id, epoch, billing, bytes)
      select minute_at - minute_at % ${step} as step_at, app_id, '', 0, billing, max(bytes)
      from (select minute_at, app_id, billing, sum(bytes) as bytes from usage_sent where ${old} group by minute_at, app_id, billing) as minutes
      where true group by step_at, app_id, billing
      on conflict (minute_at, app_id, task_id, epoch, billing)
      do update set bytes = case when excluded.bytes > usage_sent.bytes then excluded.bytes else usage_sent.bytes end`.execute(change)
    await sql`delete from usage_mixed where ${old}`.execute(change)
    await sql`delete from usage_sent where ${old}`.execute(change)
  })
}

/** Deletes what is older than `before`. */
export async function forgetUsage(db: Kysely<Tables>, before: number): Promise<void> {
  await db.deleteFrom('usage_mixed').where('minute_at', '<', before).execute()
  await db.deleteFrom('usage_sent').where('minute_at', '<', before).execute()
}
