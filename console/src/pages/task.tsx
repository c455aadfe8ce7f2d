// One task: its live picture, its figures, its inputs and outputs.
import { useRef } from 'preact/hooks'
import { getTasks, type TaskSummary } from '../api.ts'
import { LivePlayer } from '../media/live-player.tsx'
import { usePoll } from '../use-poll.ts'
import { instant, megabytes, roomName, tone } from '../words.ts'
import { Notice } from './notice.tsx'

type Stats = NonNullable<TaskSummary['stats']>

export function TaskPage({ taskId }: { taskId: string }) {
  const { value: tasks, error } = usePoll(getTasks)
  const task = tasks?.find((candidate) => candidate.taskId === taskId)
  if (task === undefined) return <Notice error={error} empty={tasks === null ? null : `There is no task ${taskId}.`} />
  const playable = task.outputs.findIndex((output) => output.isPlayable)
  const isLive = task.state !== 'ended'
  return (
    <>
      <h1>
        Room {roomName(task.room)} <span class={`badge ${tone(task.state)}`}>{task.state}</span>
      </h1>
      <Notice error={error} empty={null} />
      {isLive && playable >= 0 && <LivePlayer url={`./live/${encodeURIComponent(taskId)}/${playable}.flv`} />}
      {isLive && playable < 0 && (
        <p class="notice">No output of this task goes to the embedded origin, so there is nothing to play here.</p>
      )}
      <Figures task={task} />
      {task.stats !== null && <Inputs stats={task.stats} />}
      <Outputs task={task} />
    </>
  )
}

function Figures({ task }: { task: TaskSummary }) {
  const { stats } = task
  const cpu = useCpu(stats)
  const rows: [string, string][] = [
    ['Task', task.taskId],
    ['Robot', task.robot],
    ['Started', instant(task.createdAt)],
    ...(task.endedAt === null
      ? []
      : ([['Ended', `${instant(task.endedAt)}: ${task.endDetail ?? task.endReason ?? ''}`]] as [string, string][])),
    [
      'Picture',
      task.video === null
        ? 'none'
        : `${task.video.widthPx} × ${task.video.heightPx} at ${task.video.fps} fps, ${task.video.bitRateKbps} kbps, ${task.video.layout}`,
    ],
    ['Sound', `${task.audio.sampleRateHz / 1000} kHz, ${task.audio.channels === 2 ? 'stereo' : 'mono'}, ${task.audio.bitRateKbps} kbps`],
    ['Engine restarts', String(task.restarts)],
  ]
  const live: [string, string][] =
    stats === null
      ? []
      : [
          ['Pictures a second', stats.fps.toFixed(2)],
          ['Bit rate', `${Math.round(stats.videoKbps)} + ${Math.round(stats.audioKbps)} kbps`],
          ['Start to first packet', stats.firstPacketMs === null ? '–' : `${Math.round(stats.firstPacketMs)} ms`],
          ['Late / skipped ticks', `${stats.ticksLate} / ${stats.ticksSkipped}`],
          ['Repeated pictures', String(stats.framesRepeated)],
          ['Sound underruns', String(stats.audioUnderruns)],
          ['CPU', cpu],
          ['Memory', megabytes(stats.rssBytes)],
        ]
  return (
    <section class="columns">
      <Pairs title="Task" rows={rows} />
      {live.length > 0 && <Pairs title="Live figures" rows={live} />}
    </section>
  )
}

/** The engine counts seconds of CPU; shown is the share of a core since the figures changed last. */
function useCpu(stats: Stats | null): string {
  const last = useRef({ cpuSec: 0, at: 0, shown: '–' })
  if (stats !== null && stats.cpuSec !== last.current.cpuSec) {
    const at = performance.now()
    const share = (stats.cpuSec - last.current.cpuSec) / ((at - last.current.at) / 1000)
    last.current = { cpuSec: stats.cpuSec, at, shown: last.current.at === 0 ? '–' : `${Math.round(share * 100)} % of a core` }
  }
  return last.current.shown
}

function Pairs({ title, rows }: { title: string; rows: [string, string][] }) {
  return (
    <div>
      <h2>{title}</h2>
      <dl>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

function Inputs({ stats }: { stats: Stats }) {
  return (
    <section>
      <h2>Inputs</h2>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              {['Participant', 'Track', 'Codec', 'Size', 'Pictures', 'Packets', 'Lost', 'Key frames asked', 'Delay'].map((name) => (
                <th scope="col" key={name}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {stats.inputs.map((input) => (
              <tr key={`${input.userId} ${input.kind}`}>
                <th scope="row">{input.userId}</th>
                <td>{input.kind}</td>
                <td>{input.codec}</td>
                <td>{input.widthPx > 0 ? `${input.widthPx} × ${input.heightPx}` : '–'}</td>
                <td>{input.framesDecoded}</td>
                <td>{input.packets}</td>
                <td>{input.packetsLost}</td>
                <td>{input.keyFrameRequests}</td>
                <td>{Math.round(input.delayMs)} ms</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

function Outputs({ task }: { task: TaskSummary }) {
  return (
    <section>
      <h2>Outputs</h2>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              {['Destination', 'State', 'Since', 'Sent', 'Dropped', 'Queue', 'Reconnects', 'Trouble'].map((name) => (
                <th scope="col" key={name}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {task.outputs.map((output, index) => {
              const figures = task.stats?.outputs[index]
              return (
                <tr key={index}>
                  <th scope="row">{output.host}</th>
                  <td>
                    <span class={`badge ${tone(output.state)}`}>{output.state}</span>
                  </td>
                  <td>{output.changedAt === 0 ? '–' : instant(output.changedAt)}</td>
                  <td>{figures === undefined ? '–' : megabytes(figures.bytesSent)}</td>
                  <td>{figures?.framesDropped ?? '–'}</td>
                  <td>{figures === undefined ? '–' : `${Math.round(figures.queueBytes / 1000)} kB`}</td>
                  <td>{figures?.reconnects ?? '–'}</td>
                  <td>{output.error ?? ''}</td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
    </section>
  )
}
