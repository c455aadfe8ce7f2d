// One task's engine: joins room, lanes and outputs, and keeps them to the mix spec.
import { layoutRegions } from '../mix/layouts/layout-regions.ts'
import { audioGains } from '../mix/audio-selection.ts'
import type { MixSpec, VideoSpec } from '../mix/mix-spec.ts'
import type { Region } from '../mix/region.ts'
import { streamKey } from '../mix/room.ts'
import { isAnybodyTakingPart } from '../mix/taking-part.ts'
import { AudioLane } from './audio-lane.ts'
import { StatsReporter } from './engine-stats.ts'
import type { EngineEvents, EngineJob, Picture } from './ipc.ts'
import type { EncodedPacket } from './media.ts'
import { createMediaClock } from './media-clock.ts'
import { OutputHub } from './outputs/output-hub.ts'
import { RoomSource } from './sources/room-source.ts'
import { VideoLane } from './video-lane.ts'

/** Longer than entering a room takes: before, nobody there may only mean not there yet. */
const ENTRY_MS = 1000

export interface PipelineOptions {
  readonly job: EngineJob
  readonly events: Omit<EngineEvents, 'ready'>
  /** The pipeline cannot go on; the process should end so that a successor takes over. */
  readonly failed: (error: unknown) => void
}

export class Pipeline {
  readonly #options: PipelineOptions
  readonly #arrivedAt = performance.now()
  readonly #source: RoomSource
  readonly #hub: OutputHub
  readonly #audio: AudioLane
  readonly #video: VideoLane | null
  readonly #stats: StatsReporter
  #spec: MixSpec
  #regions: Region[] = []
  /** `undefined`: nothing reported yet. */
  #idleSince: number | null | undefined
  #firstPacketMs: number | null = null
  #closed: Promise<void> | null = null
  #hasEntered = false
  readonly #entry = setTimeout(() => {
    this.#hasEntered = true
    this.#follow()
  }, ENTRY_MS)

  constructor(options: PipelineOptions) {
    const { job, events, failed } = options
    this.#options = options
    this.#spec = job.spec
    const clock = createMediaClock(job.startedAt)
    this.#hub = new OutputHub({ onStatus: (status) => events.output(status), now: Date.now, random: Math.random })
    this.#source = new RoomSource({
      address: job.feedAddress,
      taskId: job.taskId,
      robot: { room: job.spec.room, userId: job.spec.robot.userId },
      userSig: job.spec.robot.userSig,
      changed: () => this.#follow(),
      removed: (reason, detail) => events.robotRemoved(`${reason}: ${detail}`),
      now: clock.nowMs,
    })
    const packet = (one: EncodedPacket): void => this.#send(one)
    this.#audio = new AudioLane({ spec: job.spec.audio.encode, clock, source: this.#source, packet, failed })
    if (this.#audio.note !== null) events.note(this.#audio.note)
    this.#regions = this.#layOut(job.spec)
    this.#video =
      job.spec.video === null
        ? null
        : new VideoLane({
            spec: job.spec.video,
            regions: this.#regions,
            clock,
            source: this.#source,
            encoderThreads: job.settings.encoderThreads,
            configured: (config) => this.#hub.configure(config, this.#audio.config),
            packet,
            failed,
          })
    if (this.#video === null) this.#hub.configure(null, this.#audio.config)
    this.#hub.setOutputs(job.spec.outputs, job.spec.outputsPaused)
    this.#stats = new StatsReporter({
      video: this.#video,
      audio: this.#audio,
      source: this.#source,
      hub: this.#hub,
      firstPacketMs: () => this.#firstPacketMs,
      report: (stats) => events.stats(stats),
    })
    this.#follow()
  }

  /** Replaces the mix spec; the picture changes at the next tick, kept outputs notice nothing. */
  update(spec: MixSpec): void {
    this.#spec = spec
    this.#follow()
    this.#hub.setOutputs(spec.outputs, spec.outputsPaused)
  }

  setPicture(url: string, picture: Picture): void {
    this.#video?.setPicture(url, picture)
  }

  /** What the canvas shows now; `null`: the task has no picture. */
  async snapshot(): Promise<Picture | null> {
    return (await this.#video?.snapshot()) ?? null
  }

  /** The newest picture of a stream; `null`: none is shown. */
  async streamPicture(key: string): Promise<Picture | null> {
    return (await this.#video?.streamPicture(key)) ?? null
  }

  /** Says goodbye to room and outputs; idempotent. */
  close(): Promise<void> {
    return (this.#closed ??= this.#close())
  }

  async #close(): Promise<void> {
    clearTimeout(this.#entry)
    this.#stats.close()
    this.#source.close()
    this.#audio.close()
    await this.#video?.close()
    await this.#hub.close()
  }

  /** Brings layout, subscriptions and idleness in line with spec and room. */
  #follow(): void {
    const participants = this.#source.participants()
    this.#regions = this.#layOut(this.#spec)
    if (this.#spec.video !== null) this.#video?.update(this.#spec.video, this.#regions)
    this.#source.want(wantedPictures(this.#regions), audioGains(this.#spec.audio, participants))
    this.#reportIdleness(isAnybodyTakingPart(this.#spec, participants))
  }

  #layOut({ video }: { video: VideoSpec | null }): Region[] {
    if (video === null) return []
    return layoutRegions(video.layout, video.encode, this.#source.participants(), this.#regions)
  }

  #reportIdleness(isBusy: boolean): void {
    if (!isBusy && !this.#hasEntered) return
    const wasBusy = this.#idleSince === null
    if (this.#idleSince !== undefined && wasBusy === isBusy) return
    this.#idleSince = isBusy ? null : Date.now()
    this.#options.events.idle(this.#idleSince)
  }

  #send(packet: EncodedPacket): void {
    if (this.#hub.send(packet) && this.#firstPacketMs === null) this.#firstPacketMs = performance.now() - this.#arrivedAt
  }
}

/** The largest size each stream is shown at; hidden tiles ask for no picture. */
function wantedPictures(regions: readonly Region[]): Map<string, { widthPx: number; heightPx: number }> {
  const wanted = new Map<string, { widthPx: number; heightPx: number }>()
  for (const { stream, widthPx, heightPx } of regions) {
    if (stream === null || widthPx === 0 || heightPx === 0) continue
    const key = streamKey(stream)
    const before = wanted.get(key)
    wanted.set(key, { widthPx: Math.max(widthPx, before?.widthPx ?? 0), heightPx: Math.max(heightPx, before?.heightPx ?? 0) })
  }
  return wanted
}
