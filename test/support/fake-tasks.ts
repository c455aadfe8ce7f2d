// A `Tasks` that only remembers, for tests of what stands before it.
import type { MixSpec } from '../../src/mix/mix-spec.ts'
import { TaskError, type Tasks, type TaskView } from '../../src/server/tasks/tasks.ts'

interface Held {
  spec: MixSpec
  sequenceNumber: number
  ended: boolean
}

/** Holds up to `quota` tasks at a time; ids count from `task-1`. */
export class FakeTasks implements Tasks {
  readonly held = new Map<string, Held>()
  readonly #quota: number

  constructor(quota = 1000) {
    this.#quota = quota
  }

  async start(spec: MixSpec): Promise<string> {
    if (this.held.size >= this.#quota) throw new TaskError('over-quota', `All ${this.#quota} tasks are in use.`)
    const taskId = `task-${this.held.size + 1}`
    this.held.set(taskId, { spec, sequenceNumber: -1, ended: false })
    return taskId
  }

  async update(appId: number, taskId: string, sequenceNumber: number, change: (spec: MixSpec) => MixSpec): Promise<void> {
    const task = this.#find(appId, taskId)
    if (sequenceNumber <= task.sequenceNumber) {
      throw new TaskError('stale-sequence-number', `SequenceNumber is ${sequenceNumber}; it must be above ${task.sequenceNumber}.`)
    }
    task.spec = change(task.spec)
    task.sequenceNumber = sequenceNumber
  }

  async stop(appId: number, taskId: string): Promise<void> {
    this.#find(appId, taskId).ended = true
  }

  async checkStart(): Promise<void> {
    if (this.held.size >= this.#quota) throw new TaskError('over-quota', `All ${this.#quota} tasks are in use.`)
  }

  async checkUpdate(appId: number, taskId: string, sequenceNumber: number, change: (spec: MixSpec) => MixSpec): Promise<MixSpec> {
    const task = this.#find(appId, taskId)
    if (sequenceNumber <= task.sequenceNumber) throw new TaskError('stale-sequence-number', `SequenceNumber is ${sequenceNumber}.`)
    return change(task.spec)
  }

  async setPaused(appId: number, taskId: string, isPaused: boolean): Promise<void> {
    const task = this.#find(appId, taskId)
    task.spec = { ...task.spec, outputsPaused: isPaused }
  }

  async find(appId: number, taskId: string): Promise<TaskView> {
    const task = this.held.get(taskId)
    if (task === undefined || task.spec.room.appId !== appId) throw new TaskError('not-found', `There is no task ${taskId}.`)
    return viewOf(taskId, task)
  }

  async list(): Promise<TaskView[]> {
    return Array.from(this.held, ([taskId, task]) => viewOf(taskId, task)).toReversed()
  }

  #find(appId: number, taskId: string): Held {
    const task = this.held.get(taskId)
    if (task === undefined || task.ended || task.spec.room.appId !== appId) throw new TaskError('not-found', `There is no task ${taskId}.`)
    return task
  }
}

const viewOf = (taskId: string, { spec, ended }: Held): TaskView => ({
  taskId,
  spec,
  state: ended ? 'ended' : 'running',
  endReason: ended ? 'stopped' : null,
  endDetail: null,
  outputs: spec.outputs.map(({ url }) => ({ url, state: spec.outputsPaused === true ? 'idle' : 'running', changedAt: 2, error: null })),
  createdAt: 1,
  startedAt: 2,
  endedAt: ended ? 3 : null,
  restarts: 0,
})
