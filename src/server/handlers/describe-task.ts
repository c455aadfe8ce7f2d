// A task and what its engine reports, as the wire describes it; no keys, no queries, no UserSig.
import type { EngineStats } from '../../engine/ipc.ts'
import { maskUrls } from '../../fleet/masked-urls.ts'
import { costOf } from '../../mix/cost.ts'
import type { TaskDescription } from '../../trtc/types/task-description.ts'
import type { TaskView } from '../tasks/tasks.ts'
import type { Mixes } from './handler.ts'

export function describeTask(task: TaskView, mixes: Mixes): TaskDescription {
  const { taskId, spec } = task
  const stats = task.state === 'ended' ? null : mixes.latestStats(taskId)
  return {
    TaskId: taskId,
    SdkAppId: spec.room.appId,
    RoomId: spec.room.name,
    RoomIdType: spec.room.kind === 'number' ? 0 : 1,
    AgentUserId: spec.robot.userId,
    State: task.state,
    IsPaused: spec.outputsPaused ?? false,
    EndReason: task.endReason,
    LastError: lastError(task),
    CreateTimeMs: task.createdAt,
    StartTimeMs: task.startedAt,
    EndTimeMs: task.endedAt,
    FirstPacketMs: stats?.firstPacketMs ?? null,
    Restarts: task.restarts,
    MaxIdleTime: spec.maxIdleSec,
    EstimatedCost: costOf(spec),
    Outputs: task.outputs.map((output) => {
      const figures = stats?.outputs.find(({ url }) => url === output.url)
      return {
        Url: maskUrls(output.url),
        State: output.state,
        ChangeTimeMs: output.changedAt,
        Error: masked(output.error),
        BytesSent: figures?.bytesSent ?? 0,
        FramesSent: figures?.framesSent ?? 0,
        FramesDropped: figures?.framesDropped ?? 0,
        QueueBytes: figures?.queueBytes ?? 0,
        Reconnects: figures?.reconnects ?? 0,
      }
    }),
    Inputs: stats?.inputs.map(describeInput) ?? [],
    PictureFailures: mixes
      .pictureFailures(taskId)
      .map(({ url, at, message }) => ({ Url: maskUrls(url), TimeMs: at, Message: maskUrls(message) })),
    Engine: stats === null ? null : describeEngine(stats),
  }
}

const masked = (text: string | null): string | null => (text === null ? null : maskUrls(text))

function lastError({ endDetail, outputs }: TaskView): string | null {
  if (endDetail !== null) return maskUrls(endDetail)
  const failing = outputs.filter(({ error }) => error !== null).toSorted((one, other) => other.changedAt - one.changedAt)
  return masked(failing[0]?.error ?? null)
}

const describeInput = (input: EngineStats['inputs'][number]): TaskDescription['Inputs'][number] => ({
  UserId: input.userId,
  Kind: input.kind,
  Codec: input.codec,
  Packets: input.packets,
  PacketsLost: input.packetsLost,
  FramesDecoded: input.framesDecoded,
  KeyFrameRequests: input.keyFrameRequests,
  Width: input.widthPx,
  Height: input.heightPx,
  DelayMs: input.delayMs,
})

const describeEngine = (stats: EngineStats): TaskDescription['Engine'] => ({
  Fps: stats.fps,
  VideoKbps: stats.videoKbps,
  AudioKbps: stats.audioKbps,
  TicksLate: stats.ticksLate,
  TicksSkipped: stats.ticksSkipped,
  AudioUnderruns: stats.audioUnderruns,
  CpuSec: stats.cpuSec,
  RssBytes: stats.rssBytes,
})
