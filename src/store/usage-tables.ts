// The tables of usage as Kysely sees them. Rows of whole tasks are folded into rows of their application after some days.

export interface UsageTables {
  usage_mixed: UsageMixedTable
  usage_sent: UsageSentTable
}

interface UsageRow {
  /** Unix ms of the minute's begin; of five minutes' in folded rows. */
  minute_at: number
  app_id: number
  /** Empty in folded rows. */
  task_id: string
  /** Of the claim that measured it, so that the next one's rows of the same minute stand beside them; 0 in folded rows. */
  epoch: number
}

export interface UsageMixedTable extends UsageRow {
  tier: string
  ms: number
}

export interface UsageSentTable extends UsageRow {
  billing: string
  /** Folded rows: of the minute that sent most. */
  bytes: number
}
