// What the rest of the server may ask about tasks. Actions speak to this, never to the store.
import type { MixSpec } from '../../mix/mix-spec.ts'
import type { OutputStatus } from '../../engine/ipc.ts'
import type { TaskEndReason, TaskState } from '../../store/tables.ts'

export interface Tasks {
  /** Accepts a task and wakes a worker; resolves with its id as soon as it is stored. Throws `TaskError`. */
  start(spec: MixSpec, requestId: string): Promise<string>
  /**
   * Replaces a task's mix spec. `change` gets the present one and returns the new one, or throws to
   * leave everything, the sequence number included, as it was. Throws `TaskError`.
   */
  update(appId: number, taskId: string, sequenceNumber: number, change: (spec: MixSpec) => MixSpec, requestId: string): Promise<void>
  /** Ends a task with reason `stopped`; resolves once that is stored. Throws `TaskError`. */
  stop(appId: number, taskId: string, requestId: string): Promise<void>
  /** Whether `start` would take a task of this spec now; throws `TaskError` as it would. */
  checkStart(spec: MixSpec): Promise<void>
  /** Whether `update` would be taken now; resolves with the new spec, or throws as it would. */
  checkUpdate(appId: number, taskId: string, sequenceNumber: number, change: (spec: MixSpec) => MixSpec): Promise<MixSpec>
  /** Disconnects all outputs of a task while its mix goes on, or connects them again; what is so already stays so. Throws `TaskError`. */
  setPaused(appId: number, taskId: string, isPaused: boolean, requestId: string): Promise<void>
  /** A task that has not been forgotten, ended or not. Throws `TaskError`. */
  find(appId: number, taskId: string): Promise<TaskView>
  /** Newest first. */
  list(): Promise<TaskView[]>
}

export interface TaskView {
  readonly taskId: string
  readonly spec: MixSpec
  readonly state: TaskState
  readonly endReason: TaskEndReason | null
  /** One sentence for people, without secrets. */
  readonly endDetail: string | null
  readonly outputs: readonly OutputStatus[]
  /** All instants are Unix ms. */
  readonly createdAt: number
  readonly startedAt: number | null
  readonly endedAt: number | null
  /** Engines started for this task after its first. */
  readonly restarts: number
}

/** Why a task operation was refused. */
export class TaskError extends Error {
  readonly kind: 'not-found' | 'stale-sequence-number' | 'over-quota'

  constructor(kind: TaskError['kind'], message: string) {
    super(message)
    this.name = 'TaskError'
    this.kind = kind
  }
}
