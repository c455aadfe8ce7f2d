// A worker: claims tasks it has room for, keeps their leases, and runs an engine for each.
import type { EngineSettings, EngineStats, Picture } from '../engine/ipc.ts'
import type { Logger } from '../log.ts'
import { roomKey, streamKey, type StreamRef } from '../mix/room.ts'
import type { Lease } from '../store/lease-store.ts'
import type { Store } from '../store/store.ts'
import type { Task } from '../store/task.ts'
import { EngineProcess, forkEngine, type SpawnEngine } from './engine-process.ts'
import type { MixingTask } from './mixing-task.ts'
import type { OutputListener } from './output-listener.ts'
import { TaskPictures, type FetchPicture, type PictureFailure } from './task-pictures.ts'
import { TaskRecord } from './task-record.ts'
import { TaskRun } from './task-run.ts'
import { systemTimers, type Timers } from './timers.ts'
import type { WakeBus } from './wake-bus.ts'
import { WarmSpare } from './warm-spare.ts'

/** Leases are renewed, deadlines enforced and tasks looked for this often. */
const BEAT_MS = 1000

const FORGET_EVERY_MS = 3600 * 1000

/** Ended tasks stay for diagnostics this long. */
const KEEP_ENDED_MS = 30 * 24 * 3600 * 1000

export interface WorkerOptions {
  readonly store: Store
  /** Stays the same over restarts, so that a restarted server takes its tasks back at once. */
  readonly workerId: string
  /** Work units of all its tasks together, as `costOf` counts. */
  readonly capacity: number
  /** Of the rooms process' feed socket. */
  readonly feedAddress: () => string
  readonly engineSettings: EngineSettings
  readonly fetchPicture: FetchPicture
  readonly bus: WakeBus
  /** Hears of the outputs of all tasks. */
  readonly outputs?: OutputListener
  readonly log: Logger
  readonly timers?: Timers
  readonly spawnEngine?: SpawnEngine
}

interface Held extends Lease {
  readonly run: TaskRun
  readonly log: Logger
  ending: Promise<void> | null
}

/** What becomes of the row: ended as it says, left to the next claim, somebody else's, or ended as failed. */
type Ending = 'finish' | 'release' | 'forget' | 'fail'

export class Worker {
  readonly capacity: number
  readonly #options: WorkerOptions
  readonly #timers: Timers
  readonly #spare: WarmSpare
  readonly #held = new Map<string, Held>()
  #cancelBeat: (() => void) | null = null
  #beating: Promise<void> | null = null
  #stopListening: (() => void) | null = null
  #claiming: Promise<void> | null = null
  #claimAgain = false
  #forgotAt = -Infinity
  #closed: Promise<void> | null = null

  constructor(options: WorkerOptions) {
    this.#options = options
    this.capacity = options.capacity
    this.#timers = options.timers ?? systemTimers
    const spawn = (): EngineProcess => new EngineProcess(options.spawnEngine ?? forkEngine)
    this.#spare = new WarmSpare({ spawn, timers: this.#timers, log: options.log })
  }

  /** Takes back the tasks this worker ran before its last end, then claims others. Rejects if the database cannot be used. */
  async start(): Promise<void> {
    const { store, workerId, bus } = this.#options
    await store.workers.present(workerId, this.capacity)
    for (const task of await store.leases.adopt(workerId, this.#timers.now())) this.#run(task)
    this.#stopListening = bus.listen((taskId) => void this.#wake(taskId).catch((error: unknown) => this.#failed(error)))
    await this.#claim()
    await (this.#beating = this.#beat())
  }

  /** Work units no task uses. */
  freeCapacity(): number {
    let free = this.capacity
    for (const { run } of this.#held.values()) free -= run.cost
    return Math.max(0, free)
  }

  /** The ids of the tasks that run here. */
  taskIds(): string[] {
    return [...this.#held.keys()]
  }

  /** The engine's newest figures, at most a second old; `null`: the task does not run here or its engine is new. */
  latestStats(taskId: string): EngineStats | null {
    return this.#held.get(taskId)?.run.stats ?? null
  }

  /** The tasks whose engines have reported. */
  mixing(): MixingTask[] {
    return [...this.#held.values()].flatMap(({ id, epoch, run }) =>
      run.stats === null ? [] : [{ lease: { id, epoch }, spec: run.spec, enginePid: run.enginePid, stats: run.stats }],
    )
  }

  /** Pictures the task goes without. */
  pictureFailures(taskId: string): PictureFailure[] {
    return this.#held.get(taskId)?.run.pictureFailures() ?? []
  }

  /** What the task's canvas shows now; `null`: the task does not run here, is between two engines, or has no picture. */
  async snapshot(taskId: string): Promise<Picture | null> {
    return (await this.#held.get(taskId)?.run.snapshot()) ?? null
  }

  /** The newest picture of a stream, if any task of its room that runs here shows it. */
  async streamPicture(stream: StreamRef): Promise<Picture | null> {
    for (const { run } of this.#held.values()) {
      if (roomKey(run.spec.room) !== roomKey(stream.room)) continue
      const picture = await run.streamPicture(streamKey(stream))
      if (picture !== null) return picture
    }
    return null
  }

  /** `null`: the task does not run here, or is between two engines. */
  enginePid(taskId: string): number | null {
    return this.#held.get(taskId)?.run.enginePid ?? null
  }

  /** Ends the engines and leaves the tasks to whoever claims them next, this worker after a restart included. Takes a few seconds at most. */
  close(): Promise<void> {
    return (this.#closed ??= this.#close())
  }

  async #close(): Promise<void> {
    const { store, workerId } = this.#options
    this.#stopListening?.()
    this.#cancelBeat?.()
    await Promise.all([this.#claiming, this.#beating])
    await Promise.all([
      store.workers.gone(workerId).catch((error: unknown) => this.#failed(error)),
      this.#spare.close(),
      ...[...this.#held.values()].map((held) => this.#end(held, 'release')),
    ])
  }

  async #beat(): Promise<void> {
    const { store, workerId } = this.#options
    try {
      const now = this.#timers.now()
      await store.workers.present(workerId, this.capacity)
      await store.tasks.enforceDeadlines(now)
      if (now - this.#forgotAt >= FORGET_EVERY_MS) {
        this.#forgotAt = now
        await store.tasks.forget(now - KEEP_ENDED_MS)
      }
      await this.#renew()
      await this.#claim()
    } catch (error) {
      // Without the database nothing changes hands: what streams goes on streaming.
      this.#failed(error)
    }
    if (this.#closed === null) {
      this.#cancelBeat = this.#timers.after(BEAT_MS, () => {
        this.#beating = this.#beat()
      })
    }
  }

  /** Also catches up with whatever a wake should have brought. */
  async #renew(): Promise<void> {
    const { store, workerId, log } = this.#options
    const before = [...this.#held.values()]
    const renewed = new Map((await store.leases.renew(workerId)).map((lease) => [lease.id, lease]))
    for (const held of before) {
      const lease = renewed.get(held.id)
      if (lease === undefined || lease.epoch !== held.epoch) {
        if (held.ending === null) held.log.warn('the task belongs to this worker no longer; its engine is stopped')
        void this.#end(held, 'forget')
      } else if (lease.state === 'stopping' || lease.revision > held.run.revision) {
        await this.#wake(held.id)
      }
    }
    for (const lease of renewed.values()) {
      if (lease.state !== 'stopping' || this.#held.has(lease.id)) continue
      log.warn({ taskId: lease.id }, 'a stopping task had no engine left')
      await store.leases.engineGone(lease, this.#timers.now())
    }
  }

  async #wake(taskId: string): Promise<void> {
    const held = this.#held.get(taskId)
    if (held === undefined) return this.#claim()
    const task = await this.#options.store.tasks.find(taskId)
    if (task === null || task.epoch !== held.epoch) return
    if (task.state === 'stopping') void this.#end(held, 'finish')
    else held.run.update(task)
  }

  /** One claim at a time; a call during one makes it look again. */
  #claim(): Promise<void> {
    this.#claimAgain = true
    this.#claiming ??= this.#claimAll().finally(() => {
      this.#claiming = null
    })
    return this.#claiming
  }

  async #claimAll(): Promise<void> {
    const { store, workerId } = this.#options
    while (this.#claimAgain && this.#closed === null) {
      this.#claimAgain = false
      const task = await store.leases.claim(workerId, this.freeCapacity(), this.#timers.now())
      if (task === null) continue
      this.#run(task)
      this.#claimAgain = true
    }
  }

  #run(task: Task): void {
    const { store, fetchPicture, feedAddress, engineSettings, outputs } = this.#options
    const timers = this.#timers
    const log = this.#options.log.child({ taskId: task.id })
    log.info({ epoch: task.epoch, state: task.state, cost: task.cost }, 'task claimed')
    outputs?.claimed(task)
    const run = new TaskRun({
      task,
      takeEngine: () => this.#spare.take(),
      feedAddress,
      settings: engineSettings,
      record: new TaskRecord(task, store, timers, log, outputs),
      pictures: new TaskPictures({ fetchPicture, now: () => timers.now(), log }),
      timers,
      log,
      removed: () => void this.#end(held, 'finish'),
    })
    const held: Held = { id: task.id, epoch: task.epoch, run, log, ending: null }
    this.#held.set(task.id, held)
    void run.done.then((reason) => {
      if (reason !== null) void this.#end(held, 'fail', reason)
    })
  }

  /** Ends a run once, then says in its row what became of it; a row that cannot be written is left to the deadlines. */
  #end(held: Held, how: Ending, detail = ''): Promise<void> {
    return (held.ending ??= this.#endNow(held, how, detail))
  }

  async #endNow(held: Held, how: Ending, detail: string): Promise<void> {
    const { store, outputs } = this.#options
    const { leases } = store
    const now = (): number => this.#timers.now()
    if (how === 'release' || how === 'forget') outputs?.left(held.id, how === 'release' ? 'nobody' : 'another')
    const rows: Record<Ending, () => Promise<void>> = {
      finish: () => leases.engineGone(held, now()),
      release: () => leases.release(held),
      forget: async () => {},
      fail: async () => {
        await leases.failed(held, detail, now())
        // Unless it was stopping already.
        await leases.engineGone(held, now())
      },
    }
    try {
      await held.run.stop()
      await rows[how]()
      held.log.info({ how, detail }, 'the run of a task ended')
    } catch (error) {
      this.#failed(error)
    } finally {
      this.#held.delete(held.id)
      if (how === 'finish' || how === 'fail') outputs?.ended(held.id)
    }
    // What this task took is free now.
    if (this.#closed === null) await this.#claim().catch((error: unknown) => this.#failed(error))
  }

  #failed(error: unknown): void {
    this.#options.log.error({ err: error }, 'the worker could not use the database')
  }
}

/** A worker over this machine's engines; it takes nothing before `start`. */
export const createWorker = (options: WorkerOptions): Worker => new Worker(options)
