// All tasks, newest first.
import { getTasks, type TaskSummary } from '../api.ts'
import { usePoll } from '../use-poll.ts'
import { instant, roomName, tone } from '../words.ts'
import { Notice } from './notice.tsx'

export function TasksPage() {
  const { value: tasks, error } = usePoll(getTasks)
  return (
    <>
      <h1>Tasks</h1>
      <Notice error={error} empty={tasks?.length === 0 ? 'No task yet. Start one with StartPublishCdnStream.' : null} />
      <ul class="cards">
        {tasks?.map((task) => (
          <TaskCard task={task} key={task.taskId} />
        ))}
      </ul>
    </>
  )
}

function TaskCard({ task }: { task: TaskSummary }) {
  const { video, stats } = task
  return (
    <li>
      <a class="card" href={`#/tasks/${encodeURIComponent(task.taskId)}`}>
        <div class="row">
          <strong>Room {roomName(task.room)}</strong>
          <span class={`badge ${tone(task.state)}`}>{task.state}</span>
        </div>
        <div class="quiet">
          {video === null ? 'sound only' : `${video.widthPx} × ${video.heightPx}, ${video.fps} fps, ${video.layout}`} · started{' '}
          {instant(task.createdAt)}
        </div>
        <div class="row">
          <span>
            {task.outputs.map((output, index) => (
              <span class={`badge ${tone(output.state)}`} title={output.error ?? ''} key={index}>
                {output.host} {output.state}
              </span>
            ))}
          </span>
          {stats !== null && (
            <span class="figures">
              {stats.fps.toFixed(1)} fps · {Math.round(stats.videoKbps + stats.audioKbps)} kbps
            </span>
          )}
        </div>
        {task.endReason !== null && <div class="quiet">ended: {task.endDetail ?? task.endReason}</div>}
      </a>
    </li>
  )
}
