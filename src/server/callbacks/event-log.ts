// Writes events to the log in the order in which they happened, without anybody waiting for it.
import type { Logger } from '../../log.ts'
import type { CallbackFamily } from '../../store/application-store.ts'
import type { NewCallbackEvent } from '../../store/callback-event.ts'
import type { Store } from '../../store/store.ts'
import type { CallbackEvent } from '../../trtc/callbacks/callback-event.ts'
import type { FindCallback } from './find-callback.ts'

/** Events that may wait for the database; further ones are dropped and counted in the log. */
const MAX_WAITING = 10_000

/** Events of one write. */
const MAX_AT_ONCE = 500

export interface EventLogOptions {
  readonly store: Pick<Store, 'callbacks' | 'relayStatuses'>
  readonly findCallback: FindCallback
  /** Unix ms. */
  readonly now: () => number
  /** Something new is in the log. */
  readonly written: () => void
  readonly log: Logger
}

/** Whom an event is about. */
export interface EventAbout {
  readonly appId: number
  readonly family: CallbackFamily
  /** Of two events of one subject the first is sent first. */
  readonly subject: string
  readonly taskId: string | null
}

export class EventLog {
  readonly #options: EventLogOptions
  readonly #waiting: NewCallbackEvent[] = []
  /** By task: the newest is enough. */
  #statuses = new Map<string, string | null>()
  #writing: Promise<void> | null = null

  constructor(options: EventLogOptions) {
    this.#options = options
  }

  /** Logs an event if its application has an address for it. */
  record({ group, type, info }: CallbackEvent, about: EventAbout): void {
    if (this.#waiting.length >= MAX_WAITING) {
      this.#options.log.error({ type, appId: about.appId }, 'an event for callbacks is lost: the database is too slow')
      return
    }
    this.#waiting.push({ ...about, group, type, info: JSON.stringify(info) })
    this.#start()
  }

  /** Keeps what was told of a task's pushes; `null`: nothing is left to tell. */
  keepStatuses(taskId: string, statuses: string | null): void {
    this.#statuses.set(taskId, statuses)
    this.#start()
  }

  /** Resolves when nothing waits to be written. */
  async settled(): Promise<void> {
    await this.#writing
  }

  #start(): void {
    this.#writing ??= this.#write().finally(() => {
      this.#writing = null
    })
  }

  async #write(): Promise<void> {
    const { store, now, written, log } = this.#options
    while (this.#waiting.length > 0 || this.#statuses.size > 0) {
      const happened = this.#waiting.splice(0, MAX_AT_ONCE)
      const statuses = this.#statuses
      this.#statuses = new Map()
      try {
        const events: NewCallbackEvent[] = []
        for (const event of happened) if (await this.#isWanted(event)) events.push(event)
        await store.callbacks.add(events, now())
        if (events.length > 0) written()
        // After the events: a server that ends in between tells something twice rather than never.
        for (const [taskId, text] of statuses) await store.relayStatuses.save(taskId, text)
      } catch (error) {
        log.error({ err: error, events: happened.length }, 'events for callbacks could not be stored')
      }
    }
  }

  async #isWanted({ appId, family }: NewCallbackEvent): Promise<boolean> {
    return (await this.#options.findCallback(appId, family)) !== null
  }
}
