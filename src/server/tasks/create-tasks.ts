// Tasks over the store: admission, sequence numbers, and what callers see.
import { randomBytes } from 'node:crypto'
import type { OutputStatus } from '../../engine/ipc.ts'
import type { Logger } from '../../log.ts'
import { costOf } from '../../mix/cost.ts'
import type { MixSpec } from '../../mix/mix-spec.ts'
import type { Store } from '../../store/store.ts'
import { activeStates } from '../../store/task-states.ts'
import type { Task } from '../../store/task.ts'
import { TaskError, type Tasks, type TaskView } from './tasks.ts'

/** Update and Stop work for this long from the start (relay-api 13.2). */
const CONTROL_LIMIT_MS = 30 * 24 * 3600 * 1000

/** Ended tasks that `list` still shows. */
const ENDED_SHOWN = 200

export interface TasksOptions {
  readonly store: Store
  /** Tells workers that a task is new or changed. */
  readonly wake: (taskId: string) => void
  /** Unix ms. */
  readonly now: () => number
  /** Most tasks of an application at a time. */
  readonly maxTasksOf: (appId: number) => Promise<number>
  readonly log: Logger
}

/** Random, and never with a dash in front: ids stand behind options on command lines. */
const newTaskId = (): string => `t${randomBytes(18).toString('base64url')}`

export function createTasks({ store, wake, now, maxTasksOf, log }: TasksOptions): Tasks {
  const refusals = {
    'too-many-tasks': (maxTasks: number) => `The application runs ${maxTasks} tasks already, which is its limit.`,
    'no-capacity': () => 'No worker has room for the task.',
  }

  /** The task, if its application may still change it. */
  const controllable = async (appId: number, taskId: string): Promise<Task> => {
    const task = await store.tasks.find(taskId)
    if (task === null || task.appId !== appId) throw notFound(taskId, 'does not exist')
    if (!activeStates.includes(task.state)) throw notFound(taskId, 'has ended')
    if (now() - task.createdAt > CONTROL_LIMIT_MS) throw notFound(taskId, 'was started more than 30 days ago')
    return task
  }

  const changed = async (appId: number, taskId: string, sequenceNumber: number, change: (spec: MixSpec) => MixSpec) => {
    const task = await controllable(appId, taskId)
    if (sequenceNumber <= task.sequenceNumber) throw stale(sequenceNumber, task.sequenceNumber)
    return { task, spec: change(task.spec) }
  }

  return {
    async start(spec, requestId) {
      const id = newTaskId()
      const maxTasks = await maxTasksOf(spec.room.appId)
      const verdict = await store.tasks.add({ id, spec, cost: costOf(spec) }, maxTasks, now())
      if (verdict !== 'added') throw new TaskError('over-quota', refusals[verdict](maxTasks))
      log.info({ taskId: id, requestId, appId: spec.room.appId, room: spec.room.name, robot: spec.robot.userId }, 'task accepted')
      wake(id)
      return id
    },

    async update(appId, taskId, sequenceNumber, change, requestId) {
      for (;;) {
        const { task, spec } = await changed(appId, taskId, sequenceNumber, change)
        if (await store.tasks.change(taskId, task.revision, { spec, sequenceNumber, cost: costOf(spec) })) break
      }
      log.info({ taskId, requestId, sequenceNumber }, 'task updated')
      wake(taskId)
    },

    async stop(appId, taskId, requestId) {
      await controllable(appId, taskId)
      if (!(await store.tasks.stop(taskId, now()))) throw notFound(taskId, 'has ended')
      log.info({ taskId, requestId }, 'task stops')
      wake(taskId)
    },

    async checkStart(spec) {
      const maxTasks = await maxTasksOf(spec.room.appId)
      const verdict = await store.tasks.couldAdd({ spec, cost: costOf(spec) }, maxTasks)
      if (verdict !== 'added') throw new TaskError('over-quota', refusals[verdict](maxTasks))
    },

    async checkUpdate(appId, taskId, sequenceNumber, change) {
      return (await changed(appId, taskId, sequenceNumber, change)).spec
    },

    async setPaused(appId, taskId, isPaused, requestId) {
      for (;;) {
        const { spec, revision, sequenceNumber, cost } = await controllable(appId, taskId)
        if ((spec.outputsPaused ?? false) === isPaused) return
        if (await store.tasks.change(taskId, revision, { spec: { ...spec, outputsPaused: isPaused }, sequenceNumber, cost })) break
      }
      log.info({ taskId, requestId, isPaused }, 'outputs of a task pause or go on')
      wake(taskId)
    },

    async find(appId, taskId) {
      const task = await store.tasks.find(taskId)
      if (task === null || task.appId !== appId) throw notFound(taskId, 'does not exist')
      return viewOf(task, (await store.outputs.ofTasks([taskId])).get(taskId) ?? [])
    },

    async list() {
      const tasks = await store.tasks.list(ENDED_SHOWN)
      const outputs = await store.outputs.ofTasks(tasks.map(({ id }) => id))
      return tasks.map((task) => viewOf(task, outputs.get(task.id) ?? []))
    },
  }
}

const notFound = (taskId: string, why: string): TaskError => new TaskError('not-found', `Task ${taskId} ${why}.`)

const stale = (given: number, last: number): TaskError =>
  new TaskError(
    'stale-sequence-number',
    `SequenceNumber must be ${last < 0 ? 'at least 0' : `above ${last}, the last accepted one`} (got ${given}).`,
  )

function viewOf(task: Task, known: readonly OutputStatus[]): TaskView {
  const isOver = task.state === 'ended'
  // What an ended task noted last may be `running`, if its engine died before it could say goodbye.
  const settled = (output: OutputStatus): OutputStatus =>
    isOver ? { ...output, state: 'idle', changedAt: task.endedAt ?? output.changedAt } : output
  const fresh = (url: string): OutputStatus => ({ url, state: 'idle', error: null, changedAt: task.createdAt })
  return {
    taskId: task.id,
    spec: task.spec,
    state: task.state,
    endReason: task.endReason,
    endDetail: task.endDetail,
    outputs: task.spec.outputs.map(({ url }) => settled(known.find((output) => output.url === url) ?? fresh(url))),
    createdAt: task.createdAt,
    startedAt: task.startedAt,
    endedAt: task.endedAt,
    restarts: task.restarts,
  }
}
