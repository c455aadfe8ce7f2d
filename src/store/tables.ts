// The tables as Kysely sees them.

export type TaskState = 'starting' | 'running' | 'idle' | 'stopping' | 'ended'
export type TaskEndReason = 'stopped' | 'idle_timeout' | 'robot_removed' | 'room_dismissed' | 'internal_error'

export interface Tables {
  tasks: TaskTable
  outputs: OutputTable
  workers: WorkerTable
}

/** Leases run on the database's clock alone; all other instants are Unix milliseconds of the writing server. */
export interface TaskTable {
  id: string
  app_id: number
  state: TaskState
  end_reason: TaskEndReason | null
  end_detail: string | null
  /** JSON of the `MixSpec`. */
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
  url: string
  state: string
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
