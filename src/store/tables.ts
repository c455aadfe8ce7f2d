// The tables as Kysely sees them.
import type { RoomTables } from './room-tables.ts'
import type { UsageTables } from './usage-tables.ts'
import type { CallbackFamily } from './application-store.ts'
import type { DeliveryState } from './callback-event.ts'

export type TaskState = 'starting' | 'running' | 'idle' | 'stopping' | 'ended'
export type TaskEndReason = 'stopped' | 'idle_timeout' | 'robot_removed' | 'room_dismissed' | 'internal_error'

export interface Tables extends UsageTables, RoomTables {
  tasks: TaskTable
  outputs: OutputTable
  workers: WorkerTable
  applications: ApplicationTable
  api_keys: ApiKeyTable
  seal_check: SealCheckTable
  callback_events: CallbackEventTable
  relay_statuses: RelayStatusTable
}

/** Leases run on the database's clock alone; all other instants are Unix milliseconds of the writing server. */
export interface TaskTable {
  id: string
  app_id: number
  state: TaskState
  end_reason: TaskEndReason | null
  end_detail: string | null
  /** Sealed JSON of the `MixSpec`. */
  spec: string
  /** Rises with every stored change of the spec, so that a worker knows what its engine runs. */
  revision: number
  /** Last accepted `SequenceNumber`; -1 before the first. */
  sequence_number: number
  /** Work units the task takes of a worker's capacity. */
  cost: number
  /** Worker that holds the lease. */
  owner: string | null
  /** Fencing number: rises with every claim and stands in every write of the owner. */
  epoch: number
  /** By the database's clock. */
  lease_until: number
  restarts: number
  created_at: number
  started_at: number | null
  idle_since: number | null
  /** When the present state must be over; `null` while running, which the lease guards. */
  deadline_at: number | null
  ended_at: number | null
}

export interface OutputTable {
  task_id: string
  /** Sealed so that the same address of a task looks the same. */
  url: string
  state: string
  /** Sealed. */
  error: string | null
  changed_at: number
}

/** Machines that run engines. */
export interface WorkerTable {
  id: string
  /** Work units of all its engines together. */
  capacity: number
  /** By the database's clock. */
  lease_until: number
}

/** Applications besides, or more about, the one of the settings. */
export interface ApplicationTable {
  id: number
  /** Sealed; `null`: the settings have it. */
  user_sig_key: string | null
  /** 0 or 1: a UserSig must carry privileges. */
  requires_privileges: number
  /** `null`: the setting `maxTasks` holds. */
  max_tasks: number | null
  /** Sealed JSON of `Callbacks`. */
  callbacks: string | null
  created_at: number
}

/** API keys besides the one of the settings. */
export interface ApiKeyTable {
  secret_id: string
  /** Sealed. */
  secret_key: string
  /** What rate limits are counted by. */
  account: string
  /** Sealed; `null`: a lasting key. */
  token: string | null
  expires_at: number | null
  /** JSON list of application ids; `null`: all. */
  applications: string | null
  created_at: number
}

/** One row, by which the database knows its master key. */
export interface SealCheckTable {
  sealed: string
}

/** Events for callbacks; `src/store/callback-event.ts` says what the columns mean. */
export interface CallbackEventTable {
  id: string
  app_id: number
  family: CallbackFamily
  event_group: number
  event_type: number
  subject: string
  task_id: string | null
  /** Sealed JSON. */
  info: string
  created_at: number
  state: DeliveryState
  tries: number
  retry_from: number
  /** `null`: settled. */
  due_at: number | null
  settled_at: number | null
  last_error: string | null
}

/** What was last told of the pushes of a task that are not told as ended. */
export interface RelayStatusTable {
  task_id: string
  /** Sealed JSON. */
  statuses: string
}
