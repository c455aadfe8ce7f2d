// What every output of every running task shows. Outputs go by number and host: URLs hold stream keys.
import type { EngineStats, OutputState, OutputStats } from '../../engine/ipc.ts'
import type { Figure, Sample } from './figure.ts'

export const outputFigures: readonly Figure<OutputStats>[] = [
  { kind: 'counter', name: 'tributary_output_sent_bytes_total', help: 'Bytes sent', read: ({ bytesSent }) => bytesSent },
  { kind: 'counter', name: 'tributary_output_frames_sent_total', help: 'Frames sent', read: ({ framesSent }) => framesSent },
  {
    kind: 'counter',
    name: 'tributary_output_frames_dropped_total',
    help: 'Frames dropped because the queue was full',
    read: ({ framesDropped }) => framesDropped,
  },
  { kind: 'gauge', name: 'tributary_output_queue_bytes', help: 'Bytes that wait to be sent', read: ({ queueBytes }) => queueBytes },
  { kind: 'counter', name: 'tributary_output_reconnects_total', help: 'Connections after the first', read: ({ reconnects }) => reconnects },
]

/** 1 for the state an output is in, 0 for the others. */
export const outputStateFigure: Figure<boolean> = {
  kind: 'gauge',
  name: 'tributary_output_state',
  help: 'Whether the output is in this state',
  read: (isPresent) => (isPresent ? 1 : 0),
}

const states: readonly OutputState[] = ['idle', 'connecting', 'running', 'recovering', 'failed', 'disconnecting']

export type OutputLabel = 'task' | 'output' | 'host'

export const outputSamples = (taskId: string, { outputs }: EngineStats): Sample<OutputLabel, OutputStats>[] =>
  outputs.map((output, index) => [{ task: taskId, output: String(index), host: hostOf(output.url) }, output])

export const outputStateSamples = (taskId: string, stats: EngineStats): Sample<OutputLabel | 'state', boolean>[] =>
  outputSamples(taskId, stats).flatMap(([labels, output]) => states.map((state) => [{ ...labels, state }, output.state === state] as const))

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : '')
