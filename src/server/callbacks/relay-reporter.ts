// Tells callers what becomes of every push: changes at once, troubles again and again (relay-api 14.2).
import type { OutputStatus } from '../../engine/ipc.ts'
import type { OutputListener } from '../../fleet/output-listener.ts'
import type { Timers } from '../../fleet/timers.ts'
import type { Logger } from '../../log.ts'
import type { Store } from '../../store/store.ts'
import type { Task } from '../../store/task.ts'
import { EndedTasks } from './ended-tasks.ts'
import type { EventLog } from './event-log.ts'
import { ReportedTask } from './reported-task.ts'

export interface RelayReporterOptions {
  readonly store: Pick<Store, 'relayStatuses'>
  readonly events: Pick<EventLog, 'record' | 'keepStatuses'>
  readonly timers: Timers
  readonly log: Logger
}

export class RelayReporter implements OutputListener {
  readonly #options: RelayReporterOptions
  readonly #tasks = new Map<string, ReportedTask>()
  readonly #endedTasks: EndedTasks

  constructor(options: RelayReporterOptions) {
    this.#options = options
    this.#endedTasks = new EndedTasks({ ...options, tell: (task) => this.#tellEnd(task) })
  }

  /** From now on also tells the ends of tasks that ended while no worker ran them. */
  start(): void {
    this.#endedTasks.start()
  }

  /** Tells nothing more. */
  async close(): Promise<void> {
    for (const task of this.#tasks.values()) task.close()
    this.#tasks.clear()
    await this.#endedTasks.close()
  }

  claimed(task: Task): void {
    this.#tasks.get(task.id)?.close()
    this.#tasks.set(task.id, this.#report(task))
  }

  output(taskId: string, { url, state, error }: OutputStatus): void {
    this.#tasks.get(taskId)?.output(url, state, error)
  }

  engineLost(taskId: string, reason: string): void {
    this.#tasks.get(taskId)?.broken(reason)
  }

  left(taskId: string, to: 'nobody' | 'another'): void {
    const task = this.#tasks.get(taskId)
    this.#tasks.delete(taskId)
    if (to === 'nobody') task?.broken('The server that pushes ends; the next one goes on.')
    task?.close()
  }

  ended(taskId: string): void {
    const task = this.#tasks.get(taskId)
    this.#tasks.delete(taskId)
    task?.ended()
    task?.close()
  }

  #tellEnd(task: Task): void {
    if (this.#tasks.has(task.id)) return
    const reported = this.#report(task)
    reported.ended()
    reported.close()
  }

  #report(task: Task): ReportedTask {
    const { store, events, timers, log } = this.#options
    const told = store.relayStatuses.find(task.id).catch((error: unknown) => {
      log.error({ err: error, taskId: task.id }, 'what callers were told of a task could not be read')
      return null
    })
    return new ReportedTask({ task, told, events, timers })
  }
}
