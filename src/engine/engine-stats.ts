// Gathers the figures of an engine once a second.
import type { AudioLane } from './audio-lane.ts'
import type { EngineStats } from './ipc.ts'
import type { OutputHub } from './outputs/output-hub.ts'
import type { RoomSource } from './sources/room-source.ts'
import type { VideoLane } from './video-lane.ts'

const PERIOD_MS = 1000

export interface StatsReporterOptions {
  readonly video: VideoLane | null
  readonly audio: AudioLane
  readonly source: RoomSource
  readonly hub: OutputHub
  readonly firstPacketMs: () => number | null
  readonly report: (stats: EngineStats) => void
}

/** Reports once a second until closed. */
export class StatsReporter {
  readonly #options: StatsReporterOptions
  readonly #timer: NodeJS.Timeout
  #last = { at: performance.now(), frames: 0, videoBytes: 0, audioBytes: 0 }

  constructor(options: StatsReporterOptions) {
    this.#options = options
    this.#timer = setInterval(() => options.report(this.#gather()), PERIOD_MS)
  }

  close(): void {
    clearInterval(this.#timer)
  }

  #gather(): EngineStats {
    const { video, audio, source, hub, firstPacketMs } = this.#options
    const counters = video?.counters ?? { ticks: 0, ticksSkipped: 0, ticksLate: 0, framesRepeated: 0, framesEncoded: 0, bytes: 0 }
    const now = { at: performance.now(), frames: counters.framesEncoded, videoBytes: counters.bytes, audioBytes: audio.bytes }
    const elapsedMs = now.at - this.#last.at
    const kbps = (bytes: number): number => (bytes * 8) / elapsedMs
    const rates = {
      fps: ((now.frames - this.#last.frames) * 1000) / elapsedMs,
      videoKbps: kbps(now.videoBytes - this.#last.videoBytes),
      audioKbps: kbps(now.audioBytes - this.#last.audioBytes),
    }
    this.#last = now
    const usage = process.cpuUsage()
    return {
      ticks: counters.ticks,
      ticksSkipped: counters.ticksSkipped,
      ticksLate: counters.ticksLate,
      framesRepeated: counters.framesRepeated,
      framesEncoded: counters.framesEncoded,
      ...rates,
      firstPacketMs: firstPacketMs(),
      audioUnderruns: source.underruns,
      inputs: source.stats(),
      outputs: hub.stats(),
      cpuSec: (usage.user + usage.system) / 1e6,
      rssBytes: process.memoryUsage.rss(),
    }
  }
}
