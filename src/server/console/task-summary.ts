// What the console shows of a task: no keys, no query strings, no UserSig.
import type { EngineStats, OutputStatus } from '../../engine/ipc.ts'
import { maskUrls } from '../../fleet/masked-urls.ts'
import type { TaskView } from '../tasks/tasks.ts'

/** An output as the console may know it. */
export interface OutputSummary extends Omit<OutputStatus, 'url'> {
  /** Protocol and host only. */
  readonly host: string
  /** Whether the embedded origin receives it, so that `/console/live/{taskId}/{index}.flv` plays it. */
  readonly isPlayable: boolean
}

/**
 * The parts of a task for people.
 * @param stats of the running engine, if there is one
 * @param originKey the embedded origin's key of an output URL; `null`: goes elsewhere
 */
export function taskSummary(task: TaskView, stats: EngineStats | null, originKey: (url: string) => string | null) {
  const { spec } = task
  return {
    taskId: task.taskId,
    room: spec.room,
    robot: spec.robot.userId,
    state: task.state,
    endReason: task.endReason,
    endDetail: task.endDetail,
    createdAt: task.createdAt,
    startedAt: task.startedAt,
    endedAt: task.endedAt,
    restarts: task.restarts,
    maxIdleSec: spec.maxIdleSec,
    audio: spec.audio.encode,
    video: spec.video === null ? null : { ...spec.video.encode, layout: spec.video.layout.kind },
    outputs: spec.outputs.map(({ url }): OutputSummary => {
      const { state, error, changedAt } = task.outputs.find((output) => output.url === url) ?? unknownOutput
      return { host: maskUrls(url), isPlayable: originKey(url) !== null, state, error: error === null ? null : maskUrls(error), changedAt }
    }),
    stats: stats === null ? null : { ...stats, outputs: stats.outputs.map((output) => ({ ...output, url: maskUrls(output.url) })) },
  }
}

const unknownOutput = { state: 'idle', error: null, changedAt: 0 } as const

export type TaskSummary = ReturnType<typeof taskSummary>
