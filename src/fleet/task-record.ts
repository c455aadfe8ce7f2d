// What one run writes about its task, in order. A database that fails costs rows, never the stream.
import type { OutputStatus } from '../engine/ipc.ts'
import type { Logger } from '../log.ts'
import type { Lease } from '../store/lease-store.ts'
import type { Store } from '../store/store.ts'
import type { TaskEndReason } from '../store/tables.ts'
import type { OutputListener } from './output-listener.ts'
import type { Timers } from './timers.ts'

/** Why rooms removed a robot, where that is not simply its removal. */
const endReasons: Readonly<Record<string, TaskEndReason>> = { 'room-closed': 'room_dismissed' }

export class TaskRecord {
  readonly #lease: Lease
  readonly #store: Pick<Store, 'leases' | 'outputs'>
  readonly #timers: Timers
  readonly #log: Logger
  readonly #listener: OutputListener | undefined
  /** Bounded by the number of outputs: of several states of one, the newest is written. */
  readonly #outputs = new Map<string, OutputStatus>()
  /** `undefined`: the engine did not say. */
  #idle: { since: number | null; maxIdleMs: number } | undefined
  #isStarted = false
  #last: Promise<void> = Promise.resolve()

  /** @param listener hears of outputs at once, whatever becomes of the rows */
  constructor(lease: Lease, store: Pick<Store, 'leases' | 'outputs'>, timers: Timers, log: Logger, listener?: OutputListener) {
    this.#lease = lease
    this.#store = store
    this.#timers = timers
    this.#log = log
    this.#listener = listener
  }

  engineStarted(): void {
    this.#isStarted = true
    void this.#write(() => this.#store.leases.engineStarted(this.#lease))
    this.#writeIdle()
  }

  /** The engine is gone and another follows. */
  engineLost(reason: string): void {
    this.#listener?.engineLost(this.#lease.id, reason)
    this.#isStarted = false
    this.#idle = undefined
    const at = this.#timers.now()
    void this.#write(async () => {
      await this.#store.leases.engineLost(this.#lease)
      await this.#store.outputs.broken(this.#lease, reason, at)
    })
  }

  output(status: OutputStatus): void {
    this.#listener?.output(this.#lease.id, status)
    const isQueued = this.#outputs.has(status.url)
    this.#outputs.set(status.url, status)
    if (isQueued) return
    void this.#write(async () => {
      const newest = this.#outputs.get(status.url)
      this.#outputs.delete(status.url)
      if (newest !== undefined) await this.#store.outputs.record(this.#lease, newest)
    })
  }

  /** Nobody taking part since `since`, or somebody again. */
  idle(since: number | null, maxIdleMs: number): void {
    const isQueued = this.#idle !== undefined
    this.#idle = { since, maxIdleMs }
    // Only a running task can be idle: what an engine says before its first tick waits.
    if (!isQueued && this.#isStarted) this.#writeIdle()
  }

  #writeIdle(): void {
    void this.#write(async () => {
      const idle = this.#idle
      this.#idle = undefined
      if (idle === undefined) return
      if (idle.since === null) await this.#store.leases.somebodyBack(this.#lease)
      else await this.#store.leases.everybodyLeft(this.#lease, idle.since, idle.maxIdleMs)
    })
  }

  /** Resolves once the row says so; `reason` begins with the word of the feed protocol. */
  robotRemoved(reason: string): Promise<void> {
    const word = /^[a-z-]*/.exec(reason)?.[0] ?? ''
    return this.#write(() => this.#store.leases.robotRemoved(this.#lease, endReasons[word] ?? 'robot_removed', reason, this.#timers.now()))
  }

  /** Resolves when nothing waits to be written. */
  async settled(): Promise<void> {
    await this.#last
  }

  #write(change: () => Promise<void>): Promise<void> {
    this.#last = this.#last
      .then(change)
      .catch((error: unknown) => this.#log.error({ err: error }, 'a change of the task could not be stored'))
    return this.#last
  }
}
