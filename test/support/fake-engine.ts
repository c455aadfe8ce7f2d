// An engine that is no process: notes what it is told, and says and dies as a test wants.
import type { EngineCalls, EngineEvents, EngineJob, Picture } from '../../src/engine/ipc.ts'
import type { SpawnEngine } from '../../src/fleet/engine-process.ts'
import type { MixSpec } from '../../src/mix/mix-spec.ts'
import { ChildDied, type Child, type ChildExit } from '../../src/supervise/child-process.ts'

/** How engines behave from now on. */
export interface EngineHabits {
  /** Whether processes spawned from now on get warm. */
  warms: boolean
  start: 'runs' | 'rejects' | 'hangs' | 'dies'
  update: 'works' | 'rejects' | 'waits'
  stop: 'exits' | 'hangs'
}

export class FakeEngine {
  readonly pid: number
  readonly events: EngineEvents
  readonly calls: EngineCalls
  readonly exited: Promise<ChildExit>
  readonly updates: MixSpec[] = []
  readonly pictures: { url: string; picture: Picture }[] = []
  job: EngineJob | null = null
  snapshot: Picture | null = null
  readonly streams = new Map<string, Picture>()
  isAlive = true
  stopCalls = 0
  readonly #exit = Promise.withResolvers<ChildExit>()
  readonly #pending = new Set<(error: Error) => void>()
  readonly #waitingUpdates: (() => void)[] = []

  constructor(pid: number, events: EngineEvents, habits: EngineHabits) {
    this.pid = pid
    this.events = events
    this.exited = this.#exit.promise
    this.calls = {
      start: (job) => {
        this.job = job
        if (habits.start === 'dies') this.die(1)
        return this.#answer(
          habits.start === 'runs' ? 'now' : habits.start === 'rejects' ? new Error('no encoder for rtmp://host/live/key') : 'never',
        )
      },
      update: (spec) => {
        this.updates.push(spec)
        if (habits.update === 'waits') {
          return this.#alive(new Promise<void>((resolve) => this.#waitingUpdates.push(resolve)))
        }
        return this.#answer(habits.update === 'works' ? 'now' : new Error('cannot'))
      },
      setPicture: (url, picture) => {
        this.pictures.push({ url, picture })
        return this.#answer('now')
      },
      snapshot: () => this.#alive(Promise.resolve(this.snapshot)),
      streamPicture: (key) => this.#alive(Promise.resolve(this.streams.get(key) ?? null)),
      stop: () => {
        this.stopCalls++
        if (habits.stop === 'exits') queueMicrotask(() => this.die(0))
        return this.#answer('never')
      },
    }
    if (habits.warms) queueMicrotask(() => this.events.ready())
  }

  /** The oldest update that waits is done. */
  finishUpdate(): void {
    this.#waitingUpdates.shift()?.()
  }

  die(code: number | null, signal: NodeJS.Signals | null = null): void {
    if (!this.isAlive) return
    this.isAlive = false
    for (const reject of this.#pending) reject(new ChildDied('The engine process ended.'))
    this.#exit.resolve({ code, signal })
  }

  #answer(how: 'now' | 'never' | Error): Promise<void> {
    if (how instanceof Error) return this.#alive(Promise.reject(how))
    return this.#alive(how === 'now' ? Promise.resolve() : new Promise(() => {}))
  }

  #alive<T>(answer: Promise<T>): Promise<T> {
    const death = new Promise<never>((_resolve, reject) => {
      this.#pending.add(reject)
      if (!this.isAlive) reject(new ChildDied('The engine process ended.'))
    })
    return Promise.race([answer, death])
  }
}

/** Spawns fake engines and keeps them all, in order. */
export function fakeEngines() {
  const habits: EngineHabits = { warms: true, start: 'runs', update: 'works', stop: 'exits' }
  const engines: FakeEngine[] = []
  const spawn: SpawnEngine = (events) => {
    const engine = new FakeEngine(1000 + engines.length, events, habits)
    engines.push(engine)
    const child: Child<EngineCalls> = {
      pid: engine.pid,
      calls: engine.calls as Child<EngineCalls>['calls'],
      exited: engine.exited,
      async close() {
        engine.die(null, 'SIGKILL')
      },
    }
    return child
  }
  const running = (taskId: string): FakeEngine | undefined => engines.find(({ isAlive, job }) => isAlive && job?.taskId === taskId)
  return { habits, engines, spawn, running }
}
