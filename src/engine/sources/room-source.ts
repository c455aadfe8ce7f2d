// The room as the pipeline sees it: participants, the pictures due now, and the mixed sound.
import type { Frame } from 'node-av/lib'
import type { RoomsMessage } from '../../feed/messages.ts'
import type { Participant } from '../../mix/participants.ts'
import type { UserRef } from '../../mix/room.ts'
import type { InputStats } from '../ipc.ts'
import { LIMITER_DELAY_SAMPLES } from '../mixer/limiter.ts'
import { Mixer, type Voice } from '../mixer/mixer.ts'
import type { StereoSamples } from '../mixer/sample-queue.ts'
import { FeedClient } from './feed-client.ts'
import { Roster } from './roster.ts'
import { TrackInputs, type Wanted, type WantedSize } from './track-inputs.ts'
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

export class RoomSource {
  readonly #options: RoomSourceOptions
  readonly #feed: FeedClient
  readonly #roster = new Roster()
  readonly #inputs: TrackInputs
  readonly #mixer = new Mixer()
  #wanted: Wanted = { pictures: new Map(), gains: new Map() }

  constructor(options: RoomSourceOptions) {
    this.#options = options
    const { address, taskId, robot, userSig, now, removed } = options
    this.#feed = new FeedClient({
      address,
      taskId,
      robot,
      userSig,
      handler: {
        message: (message) => this.#receive(message),
        media: (trackId, packet) => this.#inputs.push(trackId, packet),
        lost: () => this.#empty(),
        removed: (reason, detail) => {
          this.#empty()
          removed(reason, detail)
        },
      },
    })
    this.#inputs = new TrackInputs({ feed: this.#feed, now })
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
    this.#wanted = { pictures: new Map(pictures), gains: new Map(gains) }
    this.#inputs.follow(this.#roster.tracks(), this.#wanted)
  }

  /**
   * New pictures due at `nowMs`, by stream key. A frame is valid until its stream's next one, or
   * until the stream is gone or no longer wanted.
   */
  pictures(nowMs: number): [string, Frame][] {
    const due: [string, Frame][] = []
    for (const { key, input, clock } of this.#inputs.shown) {
      clock.advance(nowMs)
      const frame = input.takePicture(nowMs)
      if (frame !== null) due.push([key, frame])
    }
    return due
  }

  /** Keys of the wanted streams that are in the room and have shown a picture. */
  streams(): Set<string> {
    return new Set(this.#inputs.shown.filter(({ input }) => input.widthPx > 0).map(({ key }) => key))
  }

  /** The sound of everybody wanted, at 48 kHz, whose first sample is due at `nowMs`; valid until the next call. */
  mixInto(nowMs: number, sampleCount: number): StereoSamples {
    const dueMs = nowMs + LIMITER_DELAY_MS
    const voices: Voice[] = this.#inputs.heard.map(({ input, gain, clock }) => (left, right) => {
      clock.advance(nowMs)
      input.read(dueMs, sampleCount, left, right, gain)
    })
    for (const input of this.#inputs.takeLeaving()) {
      voices.push((left, right) => {
        input.read(dueMs, sampleCount, left, right, 0)
        input.close()
      })
    }
    return this.#mixer.mix(voices, sampleCount)
  }

  /** Loudness by user key, 0 to 100, of everybody wanted. */
  levels(): Map<string, number> {
    const levels = new Map<string, number>()
    for (const { key, input } of this.#inputs.heard) levels.set(key, Math.max(input.level, levels.get(key) ?? 0))
    return levels
  }

  /** Packets of sound that came too late to be heard, from the start on. */
  get underruns(): number {
    return this.#inputs.heard.reduce((sum, { input }) => sum + input.underruns, this.#inputs.pastUnderruns)
  }

  stats(): InputStats[] {
    return [...this.#inputs.shown, ...this.#inputs.heard].map(({ track, input, clock }) => ({
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
    this.#inputs.close()
  }

  #receive(message: RoomsMessage): void {
    if (message.type === 'clock') this.#inputs.senderReport(message.trackId, message.ntpMs, message.rtpTimestamp)
    if (this.#roster.apply(message)) this.#tellChanged()
  }

  #empty(): void {
    if (this.#roster.clear()) this.#tellChanged()
  }

  #tellChanged(): void {
    this.#inputs.follow(this.#roster.tracks(), this.#wanted)
    this.#options.changed()
  }
}
