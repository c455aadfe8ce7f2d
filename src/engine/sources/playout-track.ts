// One track's part of a participant's playout clock: from RTP timestamps to instants of our clock and back.
import { TimestampUnwrapper, timestampDifference } from '../../rtp/sequence.ts'
import type { DelayEstimate } from './delay-estimate.ts'
import type { PlayoutClock } from './playout-clock.ts'
import { WindowedMinimum } from './windowed-minimum.ts'

/** Long enough to hold a quick packet, short enough to follow clocks 200 ppm apart within 2 ms. */
const OFFSET_WINDOW_MS = 5000
/** Later than this means that the sender's time line jumped. */
const JUMP_MS = 3000

export interface PlayoutTrackOptions {
  readonly kind: 'audio' | 'video'
  readonly clockRateHz: number
  /** Time needed between arrival and play-out by whoever plays the track. */
  readonly marginMs: number
}

/** Made by `PlayoutClock.addTrack`. A `place` is a timestamp on the endless line, in units of the track's clock. */
export class PlayoutTrack {
  readonly options: PlayoutTrackOptions
  readonly estimate: DelayEstimate
  readonly #clock: PlayoutClock
  readonly #unwrapper = new TimestampUnwrapper()
  readonly #arrivalOffset = new WindowedMinimum(OFFSET_WINDOW_MS)
  #lastPlace: number | null = null
  /** Sender's wall clock minus media time, by the newest sender report. */
  #senderOffsetMs: number | null = null
  #pendingReport: { readonly ntpMs: number; readonly rtpTimestamp: number } | null = null

  constructor(clock: PlayoutClock, options: PlayoutTrackOptions, estimate: DelayEstimate) {
    this.#clock = clock
    this.options = options
    this.estimate = estimate
  }

  /** The track's quickest way from the sender's wall clock to ours; null before sender report and packets. */
  get senderOffsetMs(): number | null {
    if (this.#senderOffsetMs === null || this.#arrivalOffset.value === Infinity) return null
    return this.#arrivalOffset.value - this.#senderOffsetMs
  }

  /** The place of an RTP timestamp near the last one. */
  placeOf(timestamp: number): number {
    this.#lastPlace = this.#unwrapper.unwrap(timestamp)
    return this.#lastPlace
  }

  /** The publisher's wall clock showed `ntpMs` when its RTP clock showed `rtpTimestamp` (RFC 3550 section 6.4.1). */
  senderReport(ntpMs: number, rtpTimestamp: number): void {
    if (this.#lastPlace === null) {
      this.#pendingReport = { ntpMs, rtpTimestamp }
      return
    }
    const place = this.#lastPlace + timestampDifference(rtpTimestamp, this.#lastPlace)
    this.#senderOffsetMs = ntpMs - this.#mediaMs(place)
  }

  /** What is played at `place` is here, whole, at `nowMs`. */
  arrived(place: number, nowMs: number): void {
    if (this.#pendingReport !== null) {
      const { ntpMs, rtpTimestamp } = this.#pendingReport
      this.#pendingReport = null
      this.senderReport(ntpMs, rtpTimestamp)
    }
    const offsetMs = nowMs - this.#mediaMs(place)
    if (offsetMs - this.#arrivalOffset.value > JUMP_MS) this.#arrivalOffset.reset()
    this.#arrivalOffset.add(offsetMs, nowMs)
    this.estimate.observe(offsetMs - this.#offsetMs)
  }

  /** The instant at which `place` is played; `Infinity` before anything arrived. */
  playoutAt(place: number): number {
    return this.#mediaMs(place) + this.#offsetMs + this.#clock.delayMs
  }

  /** The (fractional) place played at `nowMs`; `-Infinity` before anything arrived. */
  placeAt(nowMs: number): number {
    return ((nowMs - this.#offsetMs - this.#clock.delayMs) * this.options.clockRateHz) / 1000
  }

  /** From media time to our clock, on the quickest way. */
  get #offsetMs(): number {
    const common = this.#senderOffsetMs === null ? null : this.#clock.commonOffsetMs
    return common === null || this.#senderOffsetMs === null ? this.#arrivalOffset.value : this.#senderOffsetMs + common
  }

  #mediaMs(place: number): number {
    return (place * 1000) / this.options.clockRateHz
  }
}
