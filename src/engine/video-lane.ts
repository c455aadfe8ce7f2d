// The picture's way through the engine: tick, take new pictures, paint, encode, hand out.
import type { VideoEncodeSpec, VideoSpec } from '../mix/mix-spec.ts'
import { pictureUrls } from '../mix/picture-urls.ts'
import type { Region } from '../mix/region.ts'
import { Compositor } from './compositor/compositor.ts'
import { pictureOf } from './compositor/picture-of.ts'
import { sceneOf } from './compositor/scene-of.ts'
import { VideoEncoder } from './encoders/video-encoder.ts'
import type { Picture } from './ipc.ts'
import type { EncodedPacket, VideoConfig } from './media.ts'
import type { MediaClock } from './media-clock.ts'
import type { RoomSource } from './sources/room-source.ts'
import { startTicker, type Tick } from './ticker.ts'

/** A stall up to this long is made up for picture by picture. */
const CATCH_UP_MS = 500

export interface VideoLaneOptions {
  readonly spec: VideoSpec
  readonly regions: readonly Region[]
  readonly clock: MediaClock
  readonly source: RoomSource
  readonly encoderThreads: number
  /** Called before the first packet of every encoder. */
  readonly configured: (config: VideoConfig) => void
  readonly packet: (packet: EncodedPacket) => void
  readonly failed: (error: unknown) => void
}

/** Counters from the start on. */
export interface VideoCounters {
  ticks: number
  ticksSkipped: number
  ticksLate: number
  framesRepeated: number
  framesEncoded: number
  bytes: number
}

export class VideoLane {
  readonly counters: VideoCounters = { ticks: 0, ticksSkipped: 0, ticksLate: 0, framesRepeated: 0, framesEncoded: 0, bytes: 0 }
  readonly #options: VideoLaneOptions
  readonly #compositor: Compositor
  #spec: VideoSpec
  /** What the next tick is to show; of several updates between two ticks the last. */
  #next: { spec: VideoSpec; regions: readonly Region[] } | null = null
  #encoder: VideoEncoder
  #encoding: Promise<void> = Promise.resolve()
  #ticker: { close(): void }
  #playing = new Set<string>()

  constructor(options: VideoLaneOptions) {
    this.#options = options
    this.#spec = options.spec
    this.#compositor = new Compositor(sceneOf(options.spec, options.regions))
    this.#encoder = this.#openEncoder(options.spec.encode)
    this.#ticker = this.#startTicker()
  }

  get fps(): number {
    return this.#spec.encode.fps
  }

  /** Shows another layout, and if asked encodes differently, from the next tick on. */
  update(spec: VideoSpec, regions: readonly Region[]): void {
    this.#next = { spec, regions }
  }

  setPicture(url: string, picture: Picture): void {
    this.#compositor.setPicture(url, picture)
  }

  /** `null` before the first tick. */
  async snapshot(): Promise<Picture | null> {
    const { shown } = this.#compositor
    return shown === null ? null : pictureOf(shown)
  }

  /** The newest picture of a stream; `null`: it shows none. */
  async streamPicture(key: string): Promise<Picture | null> {
    const frame = this.#compositor.streamFrame(key)
    return frame === null ? null : pictureOf(frame)
  }

  async close(): Promise<void> {
    this.#ticker.close()
    await this.#encoding
    this.#encoder.close()
    this.#compositor.close()
  }

  #openEncoder(spec: VideoEncodeSpec): VideoEncoder {
    const encoder = VideoEncoder.open(spec, { threads: this.#options.encoderThreads })
    this.#options.configured(encoder.config)
    return encoder
  }

  #startTicker(): { close(): void } {
    const { clock, failed } = this.#options
    return startTicker({ clock, periodMs: 1000 / this.#spec.encode.fps, catchUpMs: CATCH_UP_MS, tick: (tick) => this.#tick(tick), failed })
  }

  async #tick(tick: Tick): Promise<void> {
    this.#count(tick)
    if (this.#next !== null) await this.#apply(this.#next)
    const hasNew = this.#takePictures(this.#options.clock.instantOf(tick.taskMs))
    const { frame } = this.#compositor.render()
    if (!hasNew && this.#playing.size > 0) this.counters.framesRepeated += 1
    // Two canvases in turn: the one just painted is free because the encode before the last is done.
    await this.#encoding
    this.#encoding = this.#encoder.encode(frame, tick.taskMs, false).then((packet) => this.#encoded(packet), this.#options.failed)
  }

  async #apply({ spec, regions }: { spec: VideoSpec; regions: readonly Region[] }): Promise<void> {
    const before = this.#spec.encode
    this.#spec = spec
    this.#next = null
    this.#compositor.setScene(sceneOf(spec, regions))
    this.#compositor.keepPictures(pictureUrls(spec))
    const { encode } = spec
    if (encode.bitRateKbps !== before.bitRateKbps) this.#encoder.setBitRate(encode.bitRateKbps)
    if (encode.gopSec !== before.gopSec) this.#encoder.setGop(encode.gopSec)
    const isOtherRate = encode.fps !== before.fps
    if (isOtherRate || encode.widthPx !== before.widthPx || encode.heightPx !== before.heightPx) await this.#reopenEncoder(encode)
    if (isOtherRate) {
      this.#ticker.close()
      this.#ticker = this.#startTicker()
    }
  }

  /** The outputs stay connected: they get another sequence header and go on. */
  async #reopenEncoder(encode: VideoEncodeSpec): Promise<void> {
    await this.#encoding
    this.#encoder.close()
    this.#encoder = this.#openEncoder(encode)
  }

  #takePictures(nowMs: number): boolean {
    const pictures = this.#options.source.pictures(nowMs)
    for (const [key, frame] of pictures) this.#compositor.update(key, frame)
    const playing = this.#options.source.streams()
    for (const key of this.#playing) if (!playing.has(key)) this.#compositor.forget(key)
    this.#playing = new Set(playing)
    return pictures.length > 0
  }

  #encoded(packet: EncodedPacket | null): void {
    if (packet === null) return
    this.counters.framesEncoded += 1
    this.counters.bytes += packet.data.length
    this.#options.packet(packet)
  }

  #count(tick: Tick): void {
    this.counters.ticks += 1
    this.counters.ticksSkipped += tick.skipped
    if (tick.lateMs > 500 / this.#spec.encode.fps) this.counters.ticksLate += 1
  }
}
