// The room as the pipeline sees it: participants, the pictures due now, and the mixed sound. Owns feed, inputs and mixer.
import type { Frame } from 'node-av/lib'
import type { RoomsMessage } from '../../feed/messages.ts'
import type { Participant } from '../../mix/participants.ts'
import { streamKey, userKey, type UserRef } from '../../mix/room.ts'
import type { RtpPacket } from '../../rtp/packet.ts'
import type { InputStats } from '../ipc.ts'
import { LIMITER_DELAY_SAMPLES } from '../mixer/limiter.ts'
import { Mixer, type Voice } from '../mixer/mixer.ts'
import type { StereoSamples } from '../mixer/sample-queue.ts'
import { AudioInput } from './audio-input.ts'
import { FeedClient } from './feed-client.ts'
import { PlayoutClock } from './playout-clock.ts'
import { Roster, type Track } from './roster.ts'
import { VideoInput } from './video-input.ts'

const LIMITER_DELAY_MS = LIMITER_DELAY_SAMPLES / 48

export interface RoomSourceOptions {
  /** Path of the feed's unix socket. */
  readonly address: string
  readonly taskId: string
  readonly robot: UserRef
  readonly userSig: string
  /** Participants or their tracks changed; never called while the constructor runs. */
  readonly changed: () => void
  /** The robot must not be in the room any more. */
  readonly removed: (reason: string, detail: string) => void
  /** Monotonic milliseconds. */
  readonly now: () => number
}

export interface WantedSize {
  readonly widthPx: number
  readonly heightPx: number
}

interface Shown {
  readonly track: Track
  readonly key: string
  readonly input: VideoInput
  readonly clock: PlayoutClock
  size: WantedSize
}

interface Heard {
  readonly track: Track
  readonly key: string
  readonly input: AudioInput
  readonly clock: PlayoutClock
  gain: number
}

export class RoomSource {
  readonly #options: RoomSourceOptions
  readonly #feed: FeedClient
  readonly #roster = new Roster()
  readonly #mixer = new Mixer()
  /** Inputs by track id. */
  readonly #shown = new Map<number, Shown>()
  readonly #heard = new Map<number, Heard>()
  /** Voices to be faded out by the next mix, then closed. */
  readonly #leaving = new Set<AudioInput>()
  readonly #clocks = new Map<string, PlayoutClock>()
  #wantedPictures: ReadonlyMap<string, WantedSize> = new Map()
  #wantedGains: ReadonlyMap<string, number> = new Map()
  #pastUnderruns = 0

  constructor(options: RoomSourceOptions) {
    this.#options = options
    const { address, taskId, robot, userSig } = options
    this.#feed = new FeedClient({
      address,
      taskId,
      robot,
      userSig,
      handler: {
        message: (message) => this.#receive(message),
        media: (trackId, packet) => this.#receiveMedia(trackId, packet),
        lost: () => this.#empty(),
        removed: (reason, detail) => {
          this.#empty()
          options.removed(reason, detail)
        },
      },
    })
  }

  /** Everybody but robots, in order of room entry; nobody while the rooms process is away. */
  participants(): Participant[] {
    return this.#roster.participants()
  }

  /**
   * Says what is wanted from now on: pictures by stream key with the size they are shown at, voices
   * by user key with their linear gain, 0 to 1. Those who are not in the room yet are subscribed to when they come.
   */
  want(pictures: ReadonlyMap<string, WantedSize>, gains: ReadonlyMap<string, number>): void {
    this.#wantedPictures = new Map(pictures)
    this.#wantedGains = new Map(gains)
    this.#follow()
  }

  /** New pictures due at `nowMs`, by stream key. A frame is valid until its stream's next one, or until the stream is no longer wanted. */
  pictures(nowMs: number): [string, Frame][] {
    const due: [string, Frame][] = []
    for (const { key, input, clock } of this.#shown.values()) {
      clock.advance(nowMs)
      const frame = input.takePicture(nowMs)
      if (frame !== null) due.push([key, frame])
    }
    return due
  }

  /** Keys of the wanted streams that are in the room and have shown a picture. */
  streams(): Set<string> {
    return new Set([...this.#shown.values()].filter(({ input }) => input.widthPx > 0).map(({ key }) => key))
  }

  /** The sound of everybody wanted, at 48 kHz, whose first sample is due at `nowMs`; valid until the next call. */
  mixInto(nowMs: number, sampleCount: number): StereoSamples {
    const dueMs = nowMs + LIMITER_DELAY_MS
    const voices: Voice[] = []
    for (const { input, gain, clock } of this.#heard.values()) {
      clock.advance(nowMs)
      voices.push((left, right) => input.read(dueMs, sampleCount, left, right, gain))
    }
    for (const input of this.#leaving) voices.push((left, right) => input.read(dueMs, sampleCount, left, right, 0))
    const mixed = this.#mixer.mix(voices, sampleCount)
    for (const input of this.#leaving) input.close()
    this.#leaving.clear()
    return mixed
  }

  /** Loudness by user key, 0 to 100, of everybody wanted. */
  levels(): Map<string, number> {
    const levels = new Map<string, number>()
    for (const { key, input } of this.#heard.values()) levels.set(key, Math.max(input.level, levels.get(key) ?? 0))
    return levels
  }

  /** Packets of sound that came too late to be heard, from the start on. */
  get underruns(): number {
    let sum = this.#pastUnderruns
    for (const { input } of this.#heard.values()) sum += input.underruns
    return sum
  }

  stats(): InputStats[] {
    return [...this.#shown.values(), ...this.#heard.values()].map(({ track, input, clock }) => ({
      userId: track.userId,
      kind: track.kind === 'screen-audio' ? 'microphone' : track.kind,
      codec: track.codec,
      packets: input.packets,
      packetsLost: input.packetsLost,
      framesDecoded: input.framesDecoded,
      keyFrameRequests: input instanceof VideoInput ? input.keyFrameRequests : 0,
      widthPx: input instanceof VideoInput ? input.widthPx : 0,
      heightPx: input instanceof VideoInput ? input.heightPx : 0,
      delayMs: Math.round(clock.delayMs),
    }))
  }

  /** Leaves the room and frees all inputs. Idempotent. */
  close(): void {
    this.#feed.close()
    this.#roster.clear()
    this.#follow()
    for (const input of this.#leaving) input.close()
    this.#leaving.clear()
  }

  #receive(message: RoomsMessage): void {
    const hasChanged = this.#roster.apply(message)
    if (message.type === 'clock') {
      const input = this.#shown.get(message.trackId)?.input ?? this.#heard.get(message.trackId)?.input
      input?.senderReport(message.ntpMs, message.rtpTimestamp)
    }
    if (hasChanged) this.#tellChanged()
  }

  #receiveMedia(trackId: number, packet: RtpPacket): void {
    const input = this.#shown.get(trackId)?.input ?? this.#heard.get(trackId)?.input
    input?.push(packet, this.#options.now())
  }

  #empty(): void {
    if (this.#roster.clear()) this.#tellChanged()
  }

  #tellChanged(): void {
    this.#follow()
    this.#options.changed()
  }

  /** Opens and closes inputs so that they are those wanted of those present. */
  #follow(): void {
    const present = new Map(this.#roster.tracks().map((track) => [track.trackId, track]))
    for (const [trackId, shown] of this.#shown)
      if (!present.has(trackId) || !this.#wantedPictures.has(shown.key)) this.#hide(trackId, shown)
    for (const [trackId, heard] of this.#heard) if (!present.has(trackId) || !this.#wantedGains.has(heard.key)) this.#mute(trackId, heard)
    for (const track of present.values()) {
      if (track.kind === 'camera' || track.kind === 'screen') this.#show(track, streamKey({ ...track, source: track.kind }))
      else this.#hear(track, userKey(track))
    }
    const used = new Set([...this.#shown.values(), ...this.#heard.values()].map(({ clock }) => clock))
    for (const [key, clock] of this.#clocks) if (!used.has(clock)) this.#clocks.delete(key)
  }

  #show(track: Track, key: string): void {
    const size = this.#wantedPictures.get(key)
    if (size === undefined || track.codec === 'opus') return
    const { trackId, codec, clockRateHz } = track
    const known = this.#shown.get(trackId)
    if (known === undefined || known.size.widthPx !== size.widthPx || known.size.heightPx !== size.heightPx) {
      this.#feed.wantSize(trackId, size.widthPx, size.heightPx)
    }
    if (known !== undefined) {
      known.size = size
      return
    }
    const clock = this.#clockOf(track)
    const input = new VideoInput({ codec, clockRateHz, clock, requestKeyFrame: () => this.#feed.requestKeyFrame(trackId) })
    this.#shown.set(trackId, { track, key, input, clock, size })
    this.#begin(track, input)
    input.start(this.#options.now())
  }

  #hear(track: Track, key: string): void {
    const gain = this.#wantedGains.get(key)
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
    this.#feed.subscribe(trackId)
  }

  #hide(trackId: number, { input }: Shown): void {
    this.#shown.delete(trackId)
    this.#feed.unsubscribe(trackId)
    input.close()
  }

  #mute(trackId: number, { input }: Heard): void {
    this.#heard.delete(trackId)
    this.#feed.unsubscribe(trackId)
    this.#pastUnderruns += input.underruns
    this.#leaving.add(input)
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
