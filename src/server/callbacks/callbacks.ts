// Callbacks as the server runs them: from what rooms and workers say to receivers that know it.
import type { OutputListener } from '../../fleet/output-listener.ts'
import { systemTimers, type Timers } from '../../fleet/timers.ts'
import type { Logger } from '../../log.ts'
import type { LoggedCallbackEvent } from '../../store/callback-event.ts'
import type { CallbackFilter } from '../../store/callback-store.ts'
import type { Store } from '../../store/store.ts'
import type { RoomsListener } from '../rtc/rooms-process.ts'
import { Deliverer } from './deliverer.ts'
import { EventLog } from './event-log.ts'
import type { FindCallback } from './find-callback.ts'
import { postCallback } from './post-callback.ts'
import { RelayReporter } from './relay-reporter.ts'
import { RoomReporter } from './room-reporter.ts'

const HOUR_MS = 3600 * 1000

export interface CallbacksOptions {
  readonly store: Pick<Store, 'callbacks' | 'relayStatuses'>
  readonly findCallback: FindCallback
  readonly allowPrivateAddresses: boolean
  /** How long an event is retried; the vendor's minute always. */
  readonly retryHours: number
  readonly log: Logger
  readonly timers?: Timers
}

export interface Callbacks {
  /** Hears of pushes. */
  readonly outputs: OutputListener
  /** Hears of rooms. */
  readonly rooms: RoomsListener
  /** Begins to deliver, what earlier servers left included. */
  start(): void
  /** Newest first. */
  list(filter: CallbackFilter, limit: number): Promise<LoggedCallbackEvent[]>
  /** Sends events again; answers how many. */
  replay(filter: CallbackFilter): Promise<number>
  /** Resolves when the log holds everything; to be called after the rooms and the worker are closed. */
  close(): Promise<void>
}

export function createCallbacks(options: CallbacksOptions): Callbacks {
  const { store, findCallback, allowPrivateAddresses, retryHours, log, timers = systemTimers } = options
  const deliverer = new Deliverer({
    store: store.callbacks,
    findCallback,
    post: (request) => postCallback({ ...request, allowPrivateAddresses }),
    retryForMs: retryHours * HOUR_MS,
    timers,
    log,
  })
  const events = new EventLog({ store, findCallback, now: timers.now, written: () => deliverer.wake(), log })
  const outputs = new RelayReporter({ store, events, timers, log })
  const rooms = new RoomReporter({ events, timers })
  return {
    outputs,
    rooms,
    start() {
      outputs.start()
      deliverer.start()
    },
    list: (filter, limit) => store.callbacks.list(filter, limit),
    async replay(filter) {
      const count = await store.callbacks.replay(filter, timers.now())
      deliverer.wake()
      return count
    },
    async close() {
      rooms.close()
      await outputs.close()
      await events.settled()
      await deliverer.close()
    },
  }
}
