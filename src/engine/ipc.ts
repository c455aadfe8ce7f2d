// The contract between a worker and one engine process, spoken by birpc over the fork channel.
import type { MixSpec } from '../mix/mix-spec.ts'

/** What an engine is told to do; sent once, to a warm engine. */
export interface EngineJob {
  readonly taskId: string
  readonly spec: MixSpec
  /**
   * Unix milliseconds of the task's first start. Output timestamps are the time since then, so a
   * successor engine continues its predecessor's.
   */
  readonly startedAt: number
  /** Address of the rooms process' feed socket. */
  readonly feedAddress: string
  readonly settings: EngineSettings
}

export interface EngineSettings {
  /** x264 threads; 0 lets x264 choose. */
  readonly encoderThreads: number
}

/** A decoded still picture, made outside the engine. */
export interface Picture {
  readonly widthPx: number
  readonly heightPx: number
  /** RGBA, 4 bytes a pixel, no padding, alpha not premultiplied. */
  readonly rgba: Uint8Array
}

/** What a worker may call. Every promise rejects when the engine dies. */
export interface EngineCalls {
  /** Starts the job; resolves once the pipeline ticks. Outputs connect afterwards. */
  start(job: EngineJob): Promise<void>
  /** Replaces the mix spec between two ticks. */
  update(spec: MixSpec): Promise<void>
  /** Hands in the picture behind a URL of the spec; it appears at the next tick. */
  setPicture(url: string, picture: Picture): Promise<void>
  /** What the canvas shows now; `null`: the task has no picture. */
  snapshot(): Promise<Picture | null>
  /** The newest picture of a stream, by its key, as it came; `null`: none is shown. */
  streamPicture(key: string): Promise<Picture | null>
  /** Says goodbye to every output and to the room; the engine exits by itself afterwards. */
  stop(): Promise<void>
}

/** What an engine tells its worker. */
export interface EngineEvents {
  /** The process is warm: libraries are loaded, a job may come. */
  ready(): void
  /** An output changed its state. */
  output(state: OutputStatus): void
  /** Nobody taking part is left in the room since `since` (Unix ms); `null`: somebody is back. */
  idle(since: number | null): void
  /** The robot was removed from its room, by another of the same name or by the room's owner. */
  robotRemoved(reason: string): void
  /** Something is done otherwise than the spec asks, in a sentence without secrets. */
  note(text: string): void
  /** Figures, once a second. */
  stats(stats: EngineStats): void
}

/** `idle` never connected or ended; `failed`: not connected for 60 s, attempts go on all the same. */
export type OutputState = 'idle' | 'connecting' | 'running' | 'recovering' | 'failed' | 'disconnecting'

export interface OutputStatus {
  readonly url: string
  readonly state: OutputState
  /** Unix ms. */
  readonly changedAt: number
  /** Why, in a sentence without secrets. */
  readonly error: string | null
}

/** Counters run from the engine's start; gauges are of the moment. */
export interface EngineStats {
  readonly ticks: number
  /** Ticks left out because the engine was more than one frame late. */
  readonly ticksSkipped: number
  /** Ticks that began more than half a frame late. */
  readonly ticksLate: number
  /** Encoded pictures that show nothing new although a picture source plays. */
  readonly framesRepeated: number
  readonly framesEncoded: number
  readonly fps: number
  readonly videoKbps: number
  readonly audioKbps: number
  /** Milliseconds from the job's arrival to the first media packet sent; `null` before. */
  readonly firstPacketMs: number | null
  readonly audioUnderruns: number
  readonly inputs: readonly InputStats[]
  readonly outputs: readonly OutputStats[]
  /** Seconds of CPU of the engine process. */
  readonly cpuSec: number
  readonly rssBytes: number
}

export interface InputStats {
  readonly userId: string
  readonly kind: 'camera' | 'screen' | 'microphone'
  readonly codec: string
  readonly packets: number
  /** Packets that never came. */
  readonly packetsLost: number
  readonly framesDecoded: number
  readonly keyFrameRequests: number
  readonly widthPx: number
  readonly heightPx: number
  readonly delayMs: number
}

export interface OutputStats {
  readonly url: string
  readonly state: OutputState
  readonly bytesSent: number
  readonly framesSent: number
  readonly framesDropped: number
  readonly queueBytes: number
  readonly reconnects: number
}
