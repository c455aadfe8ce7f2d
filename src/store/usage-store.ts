// What tasks mixed and sent: written minute by minute by the worker that runs a task, read in steps of five minutes.
import { sql, type Kysely, type RawBuilder } from 'kysely'
import type { OutputSpec } from '../mix/mix-spec.ts'
import type { UsageTier } from '../mix/usage-tier.ts'
import type { Database } from './database.ts'
import type { Lease } from './lease-store.ts'
import type { Tables } from './tables.ts'
import { foldUsage, forgetUsage } from './usage-fold.ts'
import { USAGE_STEP_MS } from './usage-step.ts'

/** What one claim of a task used in one minute so far. Written again it replaces what it wrote before. */
export interface MinuteUse {
  readonly lease: Lease
  /** Unix ms. */
  readonly minuteAt: number
  readonly ms: ReadonlyMap<UsageTier, number>
  readonly bytes: ReadonlyMap<OutputSpec['billing'], number>
}

/** Time that an application's tasks mixed together within a step. */
export interface MixedUse {
  readonly appId: number
  /** Unix ms of the step's begin. */
  readonly stepAt: number
  readonly tier: UsageTier
  readonly ms: number
}

/** What an application's outputs sent together in the minute of a step that sent most. */
export interface SentUse {
  readonly appId: number
  /** Unix ms of the step's begin. */
  readonly stepAt: number
  readonly billing: OutputSpec['billing']
  readonly peakMinuteBytes: number
}

/** Instants are Unix ms; `until` is no longer part of it. */
export interface UsageSpan {
  readonly from: number
  readonly until: number
}

const stepAt = sql<number>`minute_at - minute_at % ${sql.lit(USAGE_STEP_MS)}`

/** Applications asked for. */
export type AppSelection = 'all' | readonly number[]

export class UsageStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** All or nothing, but for minutes of a claim that was followed by another's: those are left out. */
  async record(minutes: readonly MinuteUse[]): Promise<void> {
    if (minutes.length === 0) return
    await this.#database.db.transaction().execute(async (db) => {
      for (const minute of minutes) {
        for (const [tier, ms] of minute.ms) await writeMixed(db, minute, tier, ms)
        for (const [billing, bytes] of minute.bytes) await writeSent(db, minute, billing, bytes)
      }
    })
  }

  async mixed(appIds: AppSelection, span: UsageSpan): Promise<MixedUse[]> {
    const { rows } = await sql<MixedUse>`
      select app_id as "appId", ${stepAt} as "stepAt", tier, sum(ms) as ms from usage_mixed where ${within(appIds, span)}
      group by app_id, "stepAt", tier`.execute(this.#database.db)
    return rows
  }

  async sent(appIds: AppSelection, span: UsageSpan): Promise<SentUse[]> {
    const { rows } = await sql<SentUse>`
      select app_id as "appId", ${stepAt} as "stepAt", billing, max(bytes) as "peakMinuteBytes"
      from (
        select app_id, minute_at, billing, sum(bytes) as bytes from usage_sent where ${within(appIds, span)}
        group by app_id, minute_at, billing
      ) as minutes
      group by app_id, "stepAt", billing`.execute(this.#database.db)
    return rows
  }

  /** Makes rows of applications of what is older than `before`; what reading gives stays the same. */
  async fold(before: number): Promise<void> {
    await foldUsage(this.#database.db, before)
  }

  /** Deletes what is older than `before`. */
  async forget(before: number): Promise<void> {
    await forgetUsage(this.#database.db, before)
  }
}

function within(appIds: AppSelection, { from, until }: UsageSpan): RawBuilder<unknown> {
  const time = sql`minute_at >= ${from} and minute_at < ${until}`
  if (appIds === 'all') return time
  return appIds.length === 0 ? sql`false` : sql`${time} and app_id in (${sql.join(appIds)})`
}

/** The epoch is the fence, without the owner: a task that has ended, or waits for its next worker, still has its last minute written. */
async function writeMixed(db: Kysely<Tables>, { lease, minuteAt }: MinuteUse, tier: UsageTier, ms: number): Promise<void> {
  await sql`
    insert into usage_mixed (minute_at, app_id, task_id, epoch, tier, ms)
    select ${minuteAt}, app_id, id, epoch, ${tier}, ${ms} from tasks where id = ${lease.id} and epoch = ${lease.epoch}
    on conflict (minute_at, app_id, task_id, epoch, tier) do update set ms = excluded.ms`.execute(db)
}

async function writeSent(db: Kysely<Tables>, { lease, minuteAt }: MinuteUse, billing: string, bytes: number): Promise<void> {
  await sql`
    insert into usage_sent (minute_at, app_id, task_id, epoch, billing, bytes)
    select ${minuteAt}, app_id, id, epoch, ${billing}, ${bytes} from tasks where id = ${lease.id} and epoch = ${lease.epoch}
    on conflict (minute_at, app_id, task_id, epoch, billing) do update set bytes = excluded.bytes`.execute(db)
}
