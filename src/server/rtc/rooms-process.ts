// The rooms process as the server sees it: forked, restarted when it dies, its calls and its events.
import type { Logger } from '../../log.ts'
import type { RoomEvent, RoomsCalls, RoomsEvents, RoomsSettings } from '../../rooms/ipc.ts'
import { forkChild, type Child } from '../../supervise/child-process.ts'

/** There is no rooms process at the moment; a new one is on its way. */
export class RoomsUnavailable extends Error {
  constructor() {
    super('The rooms process is restarting.')
    this.name = 'RoomsUnavailable'
  }
}

export interface RoomsListener {
  event(event: RoomEvent): void
  /** The process died and all its rooms with it; a new one begins empty. */
  down(): void
}

export interface RoomsSupervisorOptions {
  readonly settings: RoomsSettings
  readonly authorizeRobot: RoomsEvents['authorizeRobot']
  readonly log: Logger
  /** Forks the process; tests put their own. */
  readonly fork?: (events: RoomsEvents) => Child<RoomsCalls>
}

const FIRST_WAIT_MS = 100
const LONGEST_WAIT_MS = 5_000
/** A process that lived this long did not die of its start. */
const STABLE_AFTER_MS = 10_000
/** A process that has not begun to serve by then is taken for hung. */
const START_DEADLINE_MS = 15_000

export class RoomsSupervisor {
  readonly #options: RoomsSupervisorOptions
  readonly #listeners = new Set<RoomsListener>()
  readonly #closing = new AbortController()
  #child: Child<RoomsCalls> | null = null
  #isUp = false
  #restarts = 0
  #run: Promise<void> | null = null

  constructor(options: RoomsSupervisorOptions) {
    this.#options = options
  }

  /** Starts the process; resolves when it serves. */
  async start(): Promise<void> {
    const first = Promise.withResolvers<void>()
    this.#run ??= this.#keepRunning(first.resolve)
    await Promise.race([first.promise, this.#run])
  }

  get isUp(): boolean {
    return this.#isUp
  }

  /** Processes started after the first. */
  get restarts(): number {
    return this.#restarts
  }

  /** Of the process, -1 without one. */
  get pid(): number {
    return this.#child?.pid ?? -1
  }

  /** @throws {RoomsUnavailable} while there is no process; calls reject when it dies meanwhile */
  get calls(): RoomsCalls {
    if (!this.#isUp || this.#child === null) throw new RoomsUnavailable()
    return this.#child.calls
  }

  /** Hears of every event of every room; returns how to stop. */
  listen(listener: RoomsListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#child?.close()
    await this.#run
  }

  async #keepRunning(served: () => void): Promise<void> {
    const { log } = this.#options
    let waitMs = FIRST_WAIT_MS
    while (!this.#closing.signal.aborted) {
      const startedAt = performance.now()
      const exit = await this.#runOnce(served)
      if (this.#closing.signal.aborted) return
      log.error({ exit }, 'rooms process ended')
      waitMs = performance.now() - startedAt > STABLE_AFTER_MS ? FIRST_WAIT_MS : Math.min(LONGEST_WAIT_MS, waitMs * 2)
      await pause(waitMs, this.#closing.signal)
      this.#restarts += 1
    }
  }

  async #runOnce(served: () => void): Promise<unknown> {
    const ready = Promise.withResolvers<void>()
    const child = (this.#options.fork ?? forkRooms)({
      ready: ready.resolve,
      roomEvent: (event) => this.#listeners.forEach((listener) => listener.event(event)),
      authorizeRobot: this.#options.authorizeRobot,
    })
    this.#child = child
    const hung = setTimeout(() => void child.close(), START_DEADLINE_MS)
    const serving = ready.promise.then(async () => {
      await child.calls.start(this.#options.settings)
      this.#isUp = true
      served()
    })
    serving
      .catch((error: unknown) => {
        this.#options.log.error({ error: error instanceof Error ? error.message : error }, 'rooms process could not start')
        return child.close()
      })
      .finally(() => clearTimeout(hung))
      .catch(() => {})
    const exit = await child.exited
    clearTimeout(hung)
    this.#isUp = false
    this.#child = null
    for (const listener of this.#listeners) listener.down()
    return exit
  }
}

const forkRooms = (events: RoomsEvents): Child<RoomsCalls> => forkChild<RoomsCalls, RoomsEvents>('rooms', events)

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
