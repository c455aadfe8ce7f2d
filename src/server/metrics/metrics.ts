// Everything `/metrics` shows, in Prometheus' text format. Labels never hold stream keys or names of users.
import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client'
import type { EngineStats } from '../../engine/ipc.ts'
import type { Worker } from '../../fleet/worker.ts'
import type { RoomsStats } from '../../rooms/ipc.ts'
import type { TaskState } from '../../store/tables.ts'
import type { Tasks } from '../tasks/tasks.ts'
import { registerFigures, type Figure } from './figure.ts'
import { outputFigures, outputSamples, outputStateFigure, outputStateSamples } from './output-figures.ts'
import { roomsFigures } from './rooms-figures.ts'
import { taskFigures } from './task-figures.ts'

/** A rooms process that takes longer to answer is shown as down. */
const ROOMS_ANSWER_MS = 1000

export interface MetricsOptions {
  readonly worker: Pick<Worker, 'capacity' | 'freeCapacity' | 'taskIds' | 'latestStats'>
  readonly tasks: Pick<Tasks, 'list'>
  /** `null`: no rooms process runs. */
  readonly rooms: () => Promise<RoomsStats | null>
  readonly callbacks: { pending(): Promise<number> }
}

export interface Metrics {
  readonly contentType: string
  /** One scrape. */
  text(): Promise<string>
  /**
   * Counts an API request.
   * @param action one of the known actions, or `unknown`: whatever else callers send would become a label
   * @param code `ok` or the catalogue code of the error
   */
  countRequest(action: string, code: string, durationSec: number): void
}

/** What one scrape reads; taken once, so that its figures are of one moment. */
interface Moment {
  engines: [taskId: string, stats: EngineStats][]
  states: Map<TaskState, number>
  rooms: RoomsStats | null
  pendingCallbacks: number
}

const livingStates: readonly TaskState[] = ['starting', 'running', 'idle', 'stopping']

const plain = <Source>(name: string, help: string, read: (source: Source) => number): Figure<Source> => ({
  kind: 'gauge',
  name,
  help,
  read,
})

export function createMetrics({ worker, tasks, rooms, callbacks }: MetricsOptions): Metrics {
  const registry = new Registry()
  let moment: Moment = { engines: [], states: new Map(), rooms: null, pendingCallbacks: 0 }
  collectDefaultMetrics({ register: registry })

  registerFigures(registry, taskFigures, ['task'], () => moment.engines.map(([task, stats]) => [{ task }, stats]))
  registerFigures(registry, outputFigures, ['task', 'output', 'host'], () =>
    moment.engines.flatMap(([task, stats]) => outputSamples(task, stats)),
  )
  registerFigures(registry, [outputStateFigure], ['task', 'output', 'host', 'state'], () =>
    moment.engines.flatMap(([task, stats]) => outputStateSamples(task, stats)),
  )
  registerFigures(registry, roomsFigures, [], () => (moment.rooms === null ? [] : [[{}, moment.rooms]]))
  registerFigures(registry, [plain<number>('tributary_rooms_up', 'Whether the rooms process answers', (up) => up)], [], () => [
    [{}, moment.rooms === null ? 0 : 1],
  ])
  registerFigures(registry, [plain<number>('tributary_tasks', 'Tasks that have not ended', (count) => count)], ['state'], () =>
    livingStates.map((state) => [{ state }, moment.states.get(state) ?? 0]),
  )
  registerFigures(
    registry,
    [
      plain<typeof worker>('tributary_worker_capacity', 'Work units this worker can hold', ({ capacity }) => capacity),
      plain<typeof worker>('tributary_worker_free_capacity', 'Work units no task uses', (one) => one.freeCapacity()),
    ],
    [],
    () => [[{}, worker]],
  )
  registerFigures(
    registry,
    [plain<number>('tributary_callbacks_pending', 'Events for callbacks with tries to come', (count) => count)],
    [],
    () => [[{}, moment.pendingCallbacks]],
  )
  const requests = new Counter({
    name: 'tributary_requests_total',
    help: 'API requests',
    labelNames: ['action', 'code'],
    registers: [registry],
  })
  const durations = new Histogram({
    name: 'tributary_request_duration_seconds',
    help: 'Time to answer API requests',
    labelNames: ['action'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  })

  return {
    contentType: registry.contentType,
    async text() {
      const [states, roomsStats, pendingCallbacks] = await Promise.all([countStates(tasks), withinLimit(rooms()), callbacks.pending()])
      const engines = worker.taskIds().flatMap((id): [string, EngineStats][] => {
        const stats = worker.latestStats(id)
        return stats === null ? [] : [[id, stats]]
      })
      moment = { engines, states, rooms: roomsStats, pendingCallbacks }
      return registry.metrics()
    },
    countRequest(action, code, durationSec) {
      requests.inc({ action, code })
      durations.observe({ action }, durationSec)
    },
  }
}

async function countStates(tasks: Pick<Tasks, 'list'>): Promise<Map<TaskState, number>> {
  const counts = new Map<TaskState, number>()
  for (const { state } of await tasks.list()) counts.set(state, (counts.get(state) ?? 0) + 1)
  return counts
}

/** `null` for an answer that fails or comes late: a scrape shows the rest. */
async function withinLimit<T>(answer: Promise<T>): Promise<T | null> {
  const { promise: late, resolve } = Promise.withResolvers<null>()
  const timer = setTimeout(() => resolve(null), ROOMS_ANSWER_MS)
  return Promise.race([answer.catch(() => null), late]).finally(() => clearTimeout(timer))
}
