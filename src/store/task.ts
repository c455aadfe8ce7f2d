// A task as the rest of the system sees a row of it.
import type { Selectable } from 'kysely'
import type { MixSpec } from '../mix/mix-spec.ts'
import { taskPlace } from './places.ts'
import type { Seal } from './sealed.ts'
import type { TaskEndReason, TaskState, TaskTable } from './tables.ts'

/** Instants are Unix ms. */
export interface Task {
  readonly id: string
  readonly appId: number
  readonly state: TaskState
  readonly endReason: TaskEndReason | null
  readonly endDetail: string | null
  readonly spec: MixSpec
  readonly revision: number
  readonly sequenceNumber: number
  readonly cost: number
  readonly epoch: number
  readonly restarts: number
  readonly createdAt: number
  readonly startedAt: number | null
  readonly endedAt: number | null
}

/** What a row holds of a spec: there are UserSigs and stream keys in it. */
export const sealedSpec = (id: string, spec: MixSpec, seal: Seal): string => seal.seal(JSON.stringify(spec), taskPlace(id))

/** @throws {SealError} when the row was sealed under another key */
export function taskOf(row: Selectable<TaskTable>, seal: Seal): Task {
  return {
    id: row.id,
    appId: row.app_id,
    state: row.state,
    endReason: row.end_reason,
    endDetail: row.end_detail,
    spec: JSON.parse(seal.open(row.spec, taskPlace(row.id))) as MixSpec,
    revision: row.revision,
    sequenceNumber: row.sequence_number,
    cost: row.cost,
    epoch: row.epoch,
    restarts: row.restarts,
    createdAt: row.created_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
  }
}
