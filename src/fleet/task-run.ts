// One task on this worker: its engine, the engine's successors, and what they report. Rows change only through `TaskRecord`.
import type { EngineJob, EngineSettings, EngineStats, Picture } from '../engine/ipc.ts'
import type { Logger } from '../log.ts'
import type { MixSpec } from '../mix/mix-spec.ts'
import { pictureUrls } from '../mix/picture-urls.ts'
import type { Task } from '../store/task.ts'
import { CrashGuard } from './crash-guard.ts'
import type { EngineListener, EngineProcess } from './engine-process.ts'
import { maskUrls } from './masked-urls.ts'
import { SilenceWatch } from './silence-watch.ts'
import type { PictureFailure, TaskPictures } from './task-pictures.ts'
import type { TaskRecord } from './task-record.ts'
import type { Timers } from './timers.ts'

/** Longest time an engine may take from its fork to its first tick; then another is tried. */
const START_ATTEMPT_MS = 10_000

export interface TaskRunOptions {
  readonly task: Task
  readonly takeEngine: () => EngineProcess
  readonly feedAddress: () => string
  readonly settings: EngineSettings
  readonly record: TaskRecord
  readonly pictures: TaskPictures
  readonly timers: Timers
  readonly log: Logger
  /** The room no longer wants the robot; the row says so already and the run should be stopped. */
  readonly removed: () => void
}

export class TaskRun {
  /** Resolves when no engine runs any more: with `null` after `stop`, with the reason when engines cannot run the task. */
  readonly done: Promise<string | null>
  readonly #options: TaskRunOptions
  readonly #crashes = new CrashGuard()
  #spec: MixSpec
  #revision: number
  #pushedRevision = 0
  #cost: number
  #engine: EngineProcess | null = null
  #isUpdating = false
  #stats: EngineStats | null = null
  #watch: SilenceWatch | null = null
  #endPause: (() => void) | null = null
  #isStopping = false

  constructor(options: TaskRunOptions) {
    this.#options = options
    this.#spec = options.task.spec
    this.#revision = options.task.revision
    this.#cost = options.task.cost
    this.done = this.#live()
  }

  get revision(): number {
    return this.#revision
  }

  /** The newest there is; the engine follows it within a tick. */
  get spec(): MixSpec {
    return this.#spec
  }

  /** Work units. */
  get cost(): number {
    return this.#cost
  }

  /** `null` between two engines. */
  get enginePid(): number | null {
    return this.#engine?.pid ?? null
  }

  /** The newest figures; `null` before the present engine's first. */
  get stats(): EngineStats | null {
    return this.#stats
  }

  /** What the canvas shows now; `null`: no picture, or no engine that ticks. */
  async snapshot(): Promise<Picture | null> {
    const engine = this.#engine
    if (engine === null || this.#pushedRevision === 0) return null
    // An engine that dies takes its answer with it.
    return engine.calls.snapshot().catch(() => null)
  }

  /** The newest picture of a stream, by its key; `null`: the engine shows none. */
  async streamPicture(key: string): Promise<Picture | null> {
    const engine = this.#engine
    if (engine === null || this.#pushedRevision === 0) return null
    return engine.calls.streamPicture(key).catch(() => null)
  }

  pictureFailures(): PictureFailure[] {
    return this.#options.pictures.failures()
  }

  /** Hands a newer spec to the engine; older ones are ignored, and of several in a row the last is enough. */
  update({ spec, revision, cost }: Pick<Task, 'spec' | 'revision' | 'cost'>): void {
    if (revision <= this.#revision) return
    this.#spec = spec
    this.#revision = revision
    this.#cost = cost
    const engine = this.#engine
    // Before its first tick an engine has the spec of its job; it gets the newer one right after.
    if (engine !== null && this.#pushedRevision > 0) void this.#push(engine)
  }

  /** Ends the engine politely, for good; idempotent. */
  async stop(): Promise<void> {
    this.#isStopping = true
    this.#endPause?.()
    this.#options.pictures.close()
    await this.#engine?.stop(this.#options.timers)
    await this.done
  }

  async #live(): Promise<string | null> {
    const { record, pictures, timers, log } = this.#options
    try {
      for (;;) {
        const reason = await this.#serve()
        if (this.#isStopping) return null
        const pauseMs = this.#crashes.crashed(timers.now())
        log.error({ reason, nextInMs: pauseMs }, 'the engine of a task failed')
        if (pauseMs === null) return `Engines fail again and again: ${reason}`
        record.engineLost(reason)
        await this.#pause(pauseMs)
        if (this.#isStopping) return null
      }
    } finally {
      pictures.close()
      await record.settled()
    }
  }

  /** Runs one engine; resolves with why it is gone. */
  async #serve(): Promise<string> {
    const { takeEngine, record, timers, log } = this.#options
    const engine = takeEngine()
    this.#engine = engine
    this.#pushedRevision = 0
    engine.listen(this.#listener(engine))
    const giveUp = timers.after(START_ATTEMPT_MS, () => void engine.close())
    try {
      await engine.ready
      const revision = this.#revision
      await engine.calls.start(this.#job())
      giveUp()
      log.info({ enginePid: engine.pid }, 'the engine runs')
      record.engineStarted()
      this.#pushedRevision = revision
      this.#providePictures(engine)
      void this.#push(engine)
      this.#watch = new SilenceWatch(timers, () => {
        log.error({ enginePid: engine.pid }, 'the engine hangs and is ended')
        void engine.close()
      })
      const { code, signal } = await engine.exited
      return `The engine ended (code ${code}, signal ${signal}).`
    } catch (error) {
      await engine.close()
      return messageOf(error)
    } finally {
      giveUp()
      this.#watch?.close()
      this.#watch = null
      this.#engine = null
      this.#stats = null
    }
  }

  #job(): EngineJob {
    const { task, feedAddress, settings, timers } = this.#options
    return { taskId: task.id, spec: this.#spec, startedAt: task.startedAt ?? timers.now(), feedAddress: feedAddress(), settings }
  }

  #listener(engine: EngineProcess): EngineListener {
    const { record, log, removed } = this.#options
    const isPresent = (): boolean => this.#engine === engine
    return {
      output: (status) => {
        if (!isPresent()) return
        record.output(status)
        log.info({ output: maskUrls(status.url), state: status.state, reason: status.error }, 'output')
      },
      idle: (since) => {
        if (isPresent()) record.idle(since, this.#spec.maxIdleSec * 1000)
      },
      robotRemoved: (reason) => {
        if (!isPresent()) return
        log.info({ reason }, 'the robot was removed from its room')
        void record.robotRemoved(reason).then(removed)
      },
      note: (text) => {
        if (isPresent()) log.warn({ note: text }, 'the engine does otherwise than asked')
      },
      stats: (stats) => {
        if (!isPresent()) return
        this.#stats = stats
        this.#watch?.heard()
      },
    }
  }

  /** Brings the engine to the newest spec, one update at a time. */
  async #push(engine: EngineProcess): Promise<void> {
    if (this.#isUpdating) return
    this.#isUpdating = true
    while (this.#engine === engine && this.#pushedRevision < this.#revision) {
      const revision = this.#revision
      try {
        await engine.calls.update(this.#spec)
        this.#providePictures(engine)
      } catch (error) {
        // The old mix goes on; asking again for the same would end the same.
        if (this.#engine === engine) this.#options.log.error({ revision, reason: messageOf(error) }, 'the engine refused an update')
      }
      if (this.#engine === engine) this.#pushedRevision = revision
    }
    this.#isUpdating = false
    const successor = this.#engine
    if (successor !== null && successor !== engine && this.#pushedRevision > 0) await this.#push(successor)
  }

  #providePictures(engine: EngineProcess): void {
    if (!this.#isStopping) this.#options.pictures.provide(engine.calls, pictureUrls(this.#spec.video))
  }

  async #pause(delayMs: number): Promise<void> {
    if (delayMs === 0) return
    const { promise, resolve } = Promise.withResolvers<void>()
    const cancel = this.#options.timers.after(delayMs, resolve)
    this.#endPause = resolve
    await promise
    cancel()
    this.#endPause = null
  }
}

const messageOf = (error: unknown): string => maskUrls(error instanceof Error ? error.message : String(error))
