// The sound's way through the engine: every 20 ms mix, bring to the output's rate, encode, hand out.
import type { AudioEncodeSpec } from '../mix/mix-spec.ts'
import { AudioEncoder } from './encoders/audio-encoder.ts'
import type { AudioConfig, EncodedPacket } from './media.ts'
import type { MediaClock } from './media-clock.ts'
import { Resampler } from './mixer/resampler.ts'
import { SampleQueue } from './mixer/sample-queue.ts'
import type { RoomSource } from './sources/room-source.ts'
import { startTicker, type Tick } from './ticker.ts'

const MIX_RATE_HZ = 48_000
const CHUNK_MS = 20
const CHUNK_SAMPLES = (MIX_RATE_HZ * CHUNK_MS) / 1000
/** Mixing is cheap: even a long stall is made up for, so that the sound's time line has no hole. */
const CATCH_UP_MS = 5000

export interface AudioLaneOptions {
  readonly spec: AudioEncodeSpec
  readonly clock: MediaClock
  readonly source: RoomSource
  readonly packet: (packet: EncodedPacket) => void
  readonly failed: (error: unknown) => void
}

export class AudioLane {
  readonly config: AudioConfig
  /** What was not done as asked, in a sentence; `null`: nothing. */
  readonly note: string | null
  bytes = 0
  readonly #options: AudioLaneOptions
  readonly #encoder: AudioEncoder
  readonly #resampler: Resampler
  readonly #queue: SampleQueue
  readonly #ticker: { close(): void }
  /** Task time of the first sample in the queue; set by the first chunk and after a hole. */
  #queueStartMs: number | null = null

  constructor(options: AudioLaneOptions) {
    this.#options = options
    this.#encoder = AudioEncoder.open(options.spec)
    this.config = this.#encoder.config
    this.note = this.#encoder.note
    this.#resampler = new Resampler(options.spec.sampleRateHz)
    this.#queue = new SampleQueue()
    this.#ticker = startTicker({
      clock: options.clock,
      periodMs: CHUNK_MS,
      catchUpMs: CATCH_UP_MS,
      tick: (tick) => this.#tick(tick),
      failed: options.failed,
    })
  }

  close(): void {
    this.#ticker.close()
    this.#encoder.close()
    this.#resampler.close()
  }

  #tick(tick: Tick): void {
    if (tick.skipped > 0) this.#startAfresh()
    this.#queueStartMs ??= tick.taskMs
    const { left, right } = this.#options.source.mixInto(this.#options.clock.instantOf(tick.taskMs), CHUNK_SAMPLES)
    this.#queue.push(this.#resampler.resample(left, right))
    const frameSize = this.#encoder.frameSize
    for (let frame = this.#queue.take(frameSize); frame !== null; frame = this.#queue.take(frameSize)) {
      for (const packet of this.#encoder.encode(frame.left, frame.right, this.#queueStartMs)) {
        this.bytes += packet.data.length
        this.#options.packet(packet)
      }
      this.#queueStartMs += (frameSize * 1000) / this.config.sampleRateHz
    }
  }

  #startAfresh(): void {
    this.#queue.clear()
    this.#queueStartMs = null
  }
}
