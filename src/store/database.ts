// What the stores need of a database; one file per dialect fills it.
import type { Kysely, RawBuilder, SelectQueryBuilder } from 'kysely'
import type { Seal } from './sealed.ts'
import type { Tables } from './tables.ts'

export interface Connection {
  readonly db: Kysely<Tables>
  /** The database's own clock, Unix milliseconds: the only clock leases are judged by. */
  readonly now: RawBuilder<number>
  /** Lets a claim pass over rows that another claim holds at this moment. */
  skipLocked<DB, Table extends keyof DB, Row>(query: SelectQueryBuilder<DB, Table, Row>): SelectQueryBuilder<DB, Table, Row>
  /** Leaves nothing in the files of what was deleted or replaced. */
  compact(): Promise<void>
  close(): Promise<void>
}

/** A connection and the seal of what is secret in it. */
export interface Database extends Connection {
  readonly seal: Seal
}
