// Finds tasks whose end nobody told, because it came while no worker ran them.
import type { Timers } from '../../fleet/timers.ts'
import type { Logger } from '../../log.ts'
import type { Store } from '../../store/store.ts'
import type { Task } from '../../store/task.ts'

const LOOK_EVERY_MS = 10_000

/** A worker that ends a task tells it well within this time. */
const GRACE_MS = 30_000

export interface EndedTasksOptions {
  readonly store: Pick<Store, 'relayStatuses'>
  readonly tell: (task: Task) => void
  readonly timers: Timers
  readonly log: Logger
}

export class EndedTasks {
  readonly #options: EndedTasksOptions
  #looking: Promise<void> = Promise.resolve()
  #cancel: (() => void) | null = null
  #isClosed = false

  constructor(options: EndedTasksOptions) {
    this.#options = options
  }

  /** Looks now, and again and again until closed. */
  start(): void {
    if (this.#isClosed) return
    this.#looking = this.#look()
    this.#cancel = this.#options.timers.after(LOOK_EVERY_MS, () => this.start())
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#cancel?.()
    await this.#looking
  }

  async #look(): Promise<void> {
    const { store, tell, timers, log } = this.#options
    try {
      for (const task of await store.relayStatuses.untold(timers.now() - GRACE_MS)) tell(task)
    } catch (error) {
      log.error({ err: error }, 'tasks whose end is to be told could not be read')
    }
  }
}
