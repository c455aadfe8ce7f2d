// One engine at the feed socket: it enters a room as its task's robot and receives the tracks it asks for.
import type { Socket } from 'node:net'
import { FrameReader } from '../feed/framing.ts'
import type { EngineMessage } from '../feed/messages.ts'
import type { UserRef } from '../mix/room.ts'
import type { RtpPacket } from '../rtp/packet.ts'
import { startsKeyFrame } from '../rtp/key-frame.ts'
import { ntpToUnixMs } from '../rtp/rtcp/sender-report.ts'
import { FeedWriter } from './feed-writer.ts'
import { Forwarder } from './forwarder.ts'
import type { ExitReason } from './ipc.ts'
import type { Occupant, Participant, Room, RoomListener } from './room.ts'
import type { Rooms } from './rooms.ts'
import type { Track } from './track.ts'

export interface FeedConnectionOptions {
  readonly socket: Socket
  readonly rooms: Rooms
  readonly authorize: (robot: UserRef, userSig: string) => Promise<{ ok: true } | { ok: false; reason: string }>
  /** Another connection of the same task, if there is one, is told to go quietly. */
  readonly entered: (connection: FeedConnection) => void
  readonly closed: (connection: FeedConnection) => void
  readonly now: () => number
}

const ENTER_DEADLINE_MS = 10_000
const LAYER_CHOICE_MS = 200
/** With more than this unsent, video is dropped up to its next key frame. */
const VIDEO_LIMIT_BYTES = 4 << 20
/** With more than this unsent, sound is dropped as well. */
const AUDIO_LIMIT_BYTES = 6 << 20

/** A track as this engine knows it. */
interface Subscription {
  readonly trackId: number
  readonly track: Track
  readonly forwarder: Forwarder
  isDropping: boolean
}

export class FeedConnection implements Occupant, RoomListener {
  readonly #options: FeedConnectionOptions
  readonly #writer: FeedWriter
  readonly #subscriptions = new Map<number, Subscription>()
  readonly #deadline: NodeJS.Timeout
  #identity: { taskId: string; robot: UserRef } | null = null
  #room: Room | null = null
  #isClosed = false
  #lastTrackId = 0
  #choseAt = 0

  constructor(options: FeedConnectionOptions) {
    this.#options = options
    this.#writer = new FeedWriter(options.socket)
    this.#deadline = setTimeout(() => this.close(), ENTER_DEADLINE_MS)
    const reader = new FrameReader({ control: (message) => this.#control(message as EngineMessage), media: () => {} })
    options.socket.on('data', (chunk) => {
      try {
        reader.push(chunk)
      } catch {
        // What is no feed protocol cannot be answered in it.
        this.close()
      }
    })
    options.socket.on('error', () => this.close())
    options.socket.on('close', () => this.close())
  }

  /** `null` before the robot has entered. */
  get identity(): { taskId: string; robot: UserRef } | null {
    return this.#identity
  }

  /** A later session of the robot's identity: tells the engine and ends. */
  replaced(): void {
    this.#remove('replaced', 'Another session entered the room under the same identity.')
  }

  /** Somebody removed the robot: tells the engine and ends. */
  removed(detail: string): void {
    this.#remove('kicked', detail)
  }

  tick(nowMs: number): void {
    if (nowMs - this.#choseAt < LAYER_CHOICE_MS) return
    this.#choseAt = nowMs
    for (const { forwarder } of this.#subscriptions.values()) forwarder.tick(nowMs)
  }

  close(reason: ExitReason = 'voluntary'): void {
    if (this.#isClosed) return
    this.#isClosed = true
    clearTimeout(this.#deadline)
    for (const { forwarder } of this.#subscriptions.values()) forwarder.close()
    this.#subscriptions.clear()
    this.#writer.flush()
    this.#options.socket.end()
    // An engine that does not read any more must not keep the socket.
    setTimeout(() => this.#options.socket.destroy(), 1_000).unref()
    const room = this.#room
    this.#room = null
    if (room !== null) {
      room.unlisten(this)
      if (this.#identity !== null) room.leave(this.#identity.robot.userId, this, reason)
      this.#options.rooms.released(room)
    }
    this.#options.closed(this)
  }

  joined({ userId, joinedAt, isRobot }: Participant): void {
    if (this.#room !== null && userId !== this.#identity?.robot.userId)
      this.#writer.control({ type: 'joined', room: this.#room.ref, userId, at: joinedAt, isRobot })
  }

  left({ userId }: Participant): void {
    if (this.#room !== null && userId !== this.#identity?.robot.userId) this.#writer.control({ type: 'left', room: this.#room.ref, userId })
  }

  trackAdded(track: Track): void {
    const trackId = ++this.#lastTrackId
    const subscription: Subscription = {
      trackId,
      track,
      isDropping: false,
      forwarder: new Forwarder({
        forward: (packet, sequenceNumber, timestamp) => this.#forward(subscription, packet, sequenceNumber, timestamp),
        clock: (report, rtpTimestamp) => this.#writer.control({ type: 'clock', trackId, ntpMs: ntpToUnixMs(report), rtpTimestamp }),
      }),
    }
    this.#subscriptions.set(trackId, subscription)
    const { user, kind, codec, clockRateHz } = track
    this.#writer.control({ type: 'track-added', trackId, room: user.room, userId: user.userId, kind, codec, clockRateHz })
  }

  trackRemoved(track: Track): void {
    for (const subscription of this.#subscriptions.values()) {
      if (subscription.track !== track) continue
      subscription.forwarder.close()
      this.#subscriptions.delete(subscription.trackId)
      this.#writer.control({ type: 'track-removed', trackId: subscription.trackId })
    }
  }

  #control(message: EngineMessage): void {
    if (message.type === 'enter') {
      this.#enter(message).catch(() => this.close())
      return
    }
    // A track may have gone while the message was on its way.
    const subscription = this.#subscriptions.get(message.trackId)
    if (subscription === undefined) return
    const nowMs = this.#options.now()
    const { forwarder, track } = subscription
    if (message.type === 'subscribe') forwarder.attach(track, nowMs)
    else if (message.type === 'unsubscribe') forwarder.attach(null, nowMs)
    else if (message.type === 'key-frame') forwarder.requestKeyFrame(nowMs)
    else forwarder.wantSize({ widthPx: message.widthPx, heightPx: message.heightPx }, nowMs)
  }

  async #enter({ taskId, robot, userSig }: Extract<EngineMessage, { type: 'enter' }>): Promise<void> {
    if (this.#identity !== null) throw new Error('A robot enters once.')
    clearTimeout(this.#deadline)
    this.#identity = { taskId, robot }
    const answer = await this.#options.authorize(robot, userSig)
    if (this.#isClosed) return
    if (!answer.ok) {
      this.#remove('bad-user-sig', answer.reason)
      return
    }
    const room = this.#options.rooms.room(robot.room)
    this.#room = room
    room.enter(robot.userId, this, true)
    this.#options.entered(this)
    this.#writer.control({ type: 'entered' })
    for (const participant of room.participants) {
      this.joined(participant)
      for (const track of participant.tracks) this.trackAdded(track)
    }
    room.listen(this)
  }

  #remove(reason: 'bad-user-sig' | 'replaced' | 'kicked', detail: string): void {
    if (!this.#isClosed) this.#writer.control({ type: 'removed', reason, detail })
    this.close('removed')
  }

  #forward(subscription: Subscription, packet: RtpPacket, sequenceNumber: number, timestamp: number): void {
    const { codec } = subscription.track
    const unsentBytes = this.#writer.unsentBytes
    if (unsentBytes > (codec === 'opus' ? AUDIO_LIMIT_BYTES : VIDEO_LIMIT_BYTES)) subscription.isDropping = true
    else if (subscription.isDropping && startsKeyFrame(codec, packet.buffer, packet.payloadStart, packet.payloadEnd))
      subscription.isDropping = false
    if (subscription.isDropping) {
      this.#options.rooms.counters.feedPacketsDropped += 1
      return
    }
    this.#options.rooms.counters.packetsToFeeds += 1
    this.#writer.media(subscription.trackId, packet, sequenceNumber, timestamp)
  }
}
