// What every running task shows about its engine.
import type { EngineStats } from '../../engine/ipc.ts'
import type { Figure } from './figure.ts'

export const taskFigures: readonly Figure<EngineStats>[] = [
  { kind: 'gauge', name: 'tributary_task_fps', help: 'Pictures a second, of the last second', read: ({ fps }) => fps },
  { kind: 'counter', name: 'tributary_task_ticks_total', help: 'Ticks of the mix', read: ({ ticks }) => ticks },
  {
    kind: 'counter',
    name: 'tributary_task_ticks_late_total',
    help: 'Ticks that began more than half a frame late',
    read: ({ ticksLate }) => ticksLate,
  },
  {
    kind: 'counter',
    name: 'tributary_task_ticks_skipped_total',
    help: 'Ticks left out, a frame late or more',
    read: ({ ticksSkipped }) => ticksSkipped,
  },
  { kind: 'counter', name: 'tributary_task_frames_encoded_total', help: 'Pictures encoded', read: ({ framesEncoded }) => framesEncoded },
  {
    kind: 'counter',
    name: 'tributary_task_frames_repeated_total',
    help: 'Encoded pictures that show nothing new although a source plays',
    read: ({ framesRepeated }) => framesRepeated,
  },
  { kind: 'gauge', name: 'tributary_task_video_kbps', help: 'Encoded picture, of the last second', read: ({ videoKbps }) => videoKbps },
  { kind: 'gauge', name: 'tributary_task_audio_kbps', help: 'Encoded sound, of the last second', read: ({ audioKbps }) => audioKbps },
  {
    kind: 'counter',
    name: 'tributary_task_audio_underruns_total',
    help: 'Moments without the sound that was due',
    read: ({ audioUnderruns }) => audioUnderruns,
  },
  {
    kind: 'gauge',
    name: 'tributary_task_first_packet_seconds',
    help: 'From the job to the first media packet sent',
    read: ({ firstPacketMs }) => (firstPacketMs === null ? null : firstPacketMs / 1000),
  },
  { kind: 'gauge', name: 'tributary_task_inputs', help: 'Tracks that are received', read: ({ inputs }) => inputs.length },
  {
    kind: 'gauge',
    name: 'tributary_task_input_delay_seconds',
    help: 'Longest play-out delay of its inputs',
    read: ({ inputs }) => Math.max(0, ...inputs.map(({ delayMs }) => delayMs)) / 1000,
  },
  { kind: 'counter', name: 'tributary_engine_cpu_seconds_total', help: 'CPU of the engine process', read: ({ cpuSec }) => cpuSec },
  { kind: 'gauge', name: 'tributary_engine_resident_memory_bytes', help: 'Memory of the engine process', read: ({ rssBytes }) => rssBytes },
]
