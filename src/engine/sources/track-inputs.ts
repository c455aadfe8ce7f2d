// The inputs of the wanted tracks of those present: opened, fed and closed as people come, go and are wanted.
import { streamKey, userKey } from '../../mix/room.ts'
import type { RtpPacket } from '../../rtp/packet.ts'
import { AudioInput } from './audio-input.ts'
import type { FeedClient } from './feed-client.ts'
import { PlayoutClock } from './playout-clock.ts'
import type { Track } from './roster.ts'
import { VideoInput } from './video-input.ts'

export interface WantedSize {
  readonly widthPx: number
  readonly heightPx: number
}

/** Pictures by stream key with the size they are shown at; voices by user key with their linear gain, 0 to 1. */
export interface Wanted {
  readonly pictures: ReadonlyMap<string, WantedSize>
  readonly gains: ReadonlyMap<string, number>
}

interface Shown {
  readonly track: Track
  /** Stream key. */
  readonly key: string
  readonly input: VideoInput
  readonly clock: PlayoutClock
  size: WantedSize
}

interface Heard {
  readonly track: Track
  /** User key. */
  readonly key: string
  readonly input: AudioInput
  readonly clock: PlayoutClock
  gain: number
}

export interface TrackInputsOptions {
  readonly feed: Pick<FeedClient, 'subscribe' | 'unsubscribe' | 'requestKeyFrame' | 'wantSize'>
  /** Monotonic milliseconds. */
  readonly now: () => number
}

export class TrackInputs {
  /** Underruns of voices that are gone. */
  pastUnderruns = 0
  readonly #options: TrackInputsOptions
  /** By track id. */
  readonly #shown = new Map<number, Shown>()
  readonly #heard = new Map<number, Heard>()
  /** Voices to be faded out by the next mix, then closed. */
  #leaving: AudioInput[] = []
  readonly #clocks = new Map<string, PlayoutClock>()

  constructor(options: TrackInputsOptions) {
    this.#options = options
  }

  get shown(): readonly Readonly<Shown>[] {
    return [...this.#shown.values()]
  }

  get heard(): readonly Readonly<Heard>[] {
    return [...this.#heard.values()]
  }

  /** Voices that are no longer wanted, for the caller to fade out and close; each is given once. */
  takeLeaving(): readonly AudioInput[] {
    const leaving = this.#leaving
    this.#leaving = []
    return leaving
  }

  /** Opens and closes inputs so that they are those wanted of the tracks present. */
  follow(tracks: readonly Track[], wanted: Wanted): void {
    const present = new Set(tracks.map(({ trackId }) => trackId))
    for (const shown of this.#shown.values()) if (!present.has(shown.track.trackId) || !wanted.pictures.has(shown.key)) this.#hide(shown)
    for (const heard of this.#heard.values()) if (!present.has(heard.track.trackId) || !wanted.gains.has(heard.key)) this.#mute(heard)
    for (const track of tracks) {
      if (track.kind === 'camera' || track.kind === 'screen') this.#show(track, streamKey({ ...track, source: track.kind }), wanted)
      else this.#hear(track, userKey(track), wanted)
    }
    const used = new Set([...this.shown, ...this.heard].map(({ clock }) => clock))
    for (const [key, clock] of this.#clocks) if (!used.has(clock)) this.#clocks.delete(key)
  }

  /** Packets of tracks without an input, still on their way after an unsubscribe, are dropped. */
  push(trackId: number, packet: RtpPacket): void {
    this.#inputOf(trackId)?.push(packet, this.#options.now())
  }

  senderReport(trackId: number, ntpMs: number, rtpTimestamp: number): void {
    this.#inputOf(trackId)?.senderReport(ntpMs, rtpTimestamp)
  }

  /** Frees everything. Idempotent. */
  close(): void {
    this.follow([], { pictures: new Map(), gains: new Map() })
    for (const input of this.takeLeaving()) input.close()
  }

  #inputOf(trackId: number): VideoInput | AudioInput | undefined {
    return this.#shown.get(trackId)?.input ?? this.#heard.get(trackId)?.input
  }

  #show(track: Track, key: string, { pictures }: Wanted): void {
    const size = pictures.get(key)
    if (size === undefined || track.codec === 'opus') return
    const { feed, now } = this.#options
    const { trackId, codec, clockRateHz } = track
    const known = this.#shown.get(trackId)
    if (known?.size.widthPx !== size.widthPx || known.size.heightPx !== size.heightPx) feed.wantSize(trackId, size.widthPx, size.heightPx)
    if (known !== undefined) {
      known.size = size
      return
    }
    const clock = this.#clockOf(track)
    const input = new VideoInput({ codec, clockRateHz, clock, requestKeyFrame: () => feed.requestKeyFrame(trackId) })
    this.#shown.set(trackId, { track, key, input, clock, size })
    this.#begin(track, input)
    input.start(now())
  }

  #hear(track: Track, key: string, { gains }: Wanted): void {
    const gain = gains.get(key)
    if (gain === undefined || track.codec !== 'opus') return
    const known = this.#heard.get(track.trackId)
    if (known !== undefined) {
      known.gain = gain
      return
    }
    const clock = this.#clockOf(track)
    const input = new AudioInput({ clock })
    this.#heard.set(track.trackId, { track, key, input, clock, gain })
    this.#begin(track, input)
  }

  #begin({ trackId, clock }: Track, input: VideoInput | AudioInput): void {
    if (clock !== null) input.senderReport(clock.ntpMs, clock.rtpTimestamp)
    this.#options.feed.subscribe(trackId)
  }

  #hide({ track, input }: Shown): void {
    this.#shown.delete(track.trackId)
    this.#options.feed.unsubscribe(track.trackId)
    input.close()
  }

  #mute({ track, input }: Heard): void {
    this.#heard.delete(track.trackId)
    this.#options.feed.unsubscribe(track.trackId)
    this.pastUnderruns += input.underruns
    this.#leaving.push(input)
  }

  /** Camera and microphone come from one session and share a clock; a screen and its sound may come from another machine. */
  #clockOf(track: Track): PlayoutClock {
    const session = track.kind === 'screen' || track.kind === 'screen-audio' ? 'screen' : 'camera'
    const key = `${userKey(track)}/${session}`
    const known = this.#clocks.get(key)
    if (known !== undefined) return known
    const clock = new PlayoutClock()
    this.#clocks.set(key, clock)
    return clock
  }
}
