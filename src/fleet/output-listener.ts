// What a worker says of the outputs of its tasks, besides writing rows.
import type { OutputStatus } from '../engine/ipc.ts'
import type { Task } from '../store/task.ts'

/** Hears of everything in order and never throws. */
export interface OutputListener {
  /** This worker begins to run the task, as the first or in place of another. */
  claimed(task: Task): void
  output(taskId: string, status: OutputStatus): void
  /** The engine is gone and another follows. */
  engineLost(taskId: string, reason: string): void
  /** This worker stops its engine, but the task goes on: with the next server, or with `another` worker that has it already. */
  left(taskId: string, to: 'nobody' | 'another'): void
  /** The task is over and its engine gone. */
  ended(taskId: string): void
}
