// One engine process from its fork to its end: warm first, then the engine of one task.
import type { BirpcReturn } from 'birpc'
import type { EngineCalls, EngineEvents } from '../engine/ipc.ts'
import { ChildDied, forkChild, type Child, type ChildExit } from '../supervise/child-process.ts'
import type { Timers } from './timers.ts'

/** Longest time an engine may take over saying goodbye. */
const GOODBYE_MS = 4000

export type EngineListener = Omit<EngineEvents, 'ready'>

export type SpawnEngine = (events: EngineEvents) => Child<EngineCalls>

export const forkEngine: SpawnEngine = (events) => forkChild<EngineCalls, EngineEvents>('engine', events)

export class EngineProcess {
  readonly pid: number
  readonly calls: BirpcReturn<EngineCalls, object>
  /** Resolves once the process is warm; rejects when it ends before. */
  readonly ready: Promise<void>
  /** Resolves when the process is gone. */
  readonly exited: Promise<ChildExit>
  readonly #child: Child<EngineCalls>
  #listener: EngineListener | null = null
  #stopped: Promise<void> | null = null

  constructor(spawn: SpawnEngine) {
    const warm = Promise.withResolvers<void>()
    this.#child = spawn({
      ready: warm.resolve,
      output: (status) => this.#listener?.output(status),
      idle: (since) => this.#listener?.idle(since),
      robotRemoved: (reason) => this.#listener?.robotRemoved(reason),
      note: (text) => this.#listener?.note(text),
      stats: (stats) => this.#listener?.stats(stats),
    })
    this.pid = this.#child.pid
    this.calls = this.#child.calls
    this.exited = this.#child.exited
    this.ready = warm.promise
    this.ready.catch(() => {})
    void this.exited.then(({ code, signal }) =>
      warm.reject(new ChildDied(`The engine ended while warming up (code ${code}, signal ${signal}).`)),
    )
  }

  /** From now on the engine's events go to `listener`; what it said before is lost, a warm engine says nothing. */
  listen(listener: EngineListener): void {
    this.#listener = listener
  }

  /** Lets the engine say goodbye for at most 4 s, then ends it; idempotent. */
  stop(timers: Timers): Promise<void> {
    return (this.#stopped ??= this.#stop(timers))
  }

  async #stop(timers: Timers): Promise<void> {
    const cancel = timers.after(GOODBYE_MS, () => void this.close())
    // An engine that cannot answer is ended by the timer.
    void this.calls.stop().catch(() => {})
    await this.exited
    cancel()
  }

  /** Ends the process now and waits for it; idempotent. */
  close(): Promise<void> {
    return this.#child.close()
  }
}
