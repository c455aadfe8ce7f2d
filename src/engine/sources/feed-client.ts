// The engine's end of the feed socket: enters the room as the robot, and enters again whenever the socket is lost.
import { connect, type Socket } from 'node:net'
import { controlFrame, FrameReader } from '../../feed/framing.ts'
import type { EngineMessage, RoomsMessage } from '../../feed/messages.ts'
import type { UserRef } from '../../mix/room.ts'
import { parseRtpPacket, type RtpPacket } from '../../rtp/packet.ts'

const FIRST_RETRY_MS = 100
const LAST_RETRY_MS = 1000
/** From connecting to `entered`; the server has to verify the UserSig meanwhile. */
const ENTER_DEADLINE_MS = 10_000
/** Unsent requests; a peer that reads nothing for so long is taken for lost. */
const MAX_UNSENT_BYTES = 1 << 20

export interface FeedHandler {
  /** What rooms says, in order; `entered` begins anew after every loss. */
  message(message: Exclude<RoomsMessage, { type: 'removed' }>): void
  media(trackId: number, packet: RtpPacket): void
  /** The socket is gone, and with it all tracks and participants; entering goes on by itself. */
  lost(): void
  /** The robot must not be in the room; nothing is tried any more. */
  removed(reason: string, detail: string): void
}

export interface FeedClientOptions {
  /** Path of the feed's unix socket. */
  readonly address: string
  readonly taskId: string
  readonly robot: UserRef
  readonly userSig: string
  readonly handler: FeedHandler
}

/** Connects when made. Requests while not connected are dropped: track ids do not outlive a socket. */
export class FeedClient {
  readonly #options: FeedClientOptions
  #socket: Socket | null = null
  /** Until the next attempt, or until this one is given up. */
  #timer: NodeJS.Timeout | undefined
  #retryMs = FIRST_RETRY_MS
  #isClosed = false

  constructor(options: FeedClientOptions) {
    this.#options = options
    this.#connect()
  }

  subscribe(trackId: number): void {
    this.#send({ type: 'subscribe', trackId })
  }

  unsubscribe(trackId: number): void {
    this.#send({ type: 'unsubscribe', trackId })
  }

  requestKeyFrame(trackId: number): void {
    this.#send({ type: 'key-frame', trackId })
  }

  /** Says how large the picture is shown, so that the fitting simulcast layer is sent. */
  wantSize(trackId: number, widthPx: number, heightPx: number): void {
    this.#send({ type: 'want-size', trackId, widthPx, heightPx })
  }

  /** Leaves the room; nothing is called afterwards. Idempotent. */
  close(): void {
    this.#isClosed = true
    clearTimeout(this.#timer)
    this.#socket?.end()
    this.#socket?.destroySoon()
    this.#socket = null
  }

  #connect(): void {
    const { address, taskId, robot, userSig } = this.#options
    const socket = connect(address)
    this.#socket = socket
    this.#timer = setTimeout(() => socket.destroy(), ENTER_DEADLINE_MS)
    const reader = new FrameReader({
      control: (message) => this.#receive(message as RoomsMessage),
      media: (trackId, bytes) => this.#receiveMedia(trackId, bytes),
    })
    socket.once('connect', () => socket.write(controlFrame({ type: 'enter', taskId, robot, userSig } satisfies EngineMessage)))
    socket.on('data', (chunk) => {
      if (this.#socket !== socket) return
      try {
        reader.push(chunk)
      } catch (error) {
        // A frame that breaks the protocol: nothing after it can be understood.
        socket.destroy(error instanceof Error ? error : new Error(String(error)))
      }
    })
    // The close event follows and is where it is dealt with.
    socket.on('error', () => {})
    socket.once('close', () => this.#disconnected(socket))
  }

  #receive(message: RoomsMessage): void {
    if (this.#isClosed) return
    if (message.type === 'removed') {
      this.close()
      this.#options.handler.removed(message.reason, message.detail)
      return
    }
    if (message.type === 'entered') {
      clearTimeout(this.#timer)
      this.#retryMs = FIRST_RETRY_MS
    }
    this.#options.handler.message(message)
  }

  #receiveMedia(trackId: number, bytes: Buffer): void {
    if (this.#isClosed) return
    const packet = parseRtpPacket(bytes)
    if (packet !== null) this.#options.handler.media(trackId, packet)
  }

  #disconnected(socket: Socket): void {
    if (this.#isClosed || this.#socket !== socket) return
    this.#socket = null
    this.#options.handler.lost()
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#connect(), this.#retryMs)
    this.#retryMs = Math.min(LAST_RETRY_MS, this.#retryMs * 2)
  }

  #send(message: EngineMessage): void {
    const socket = this.#socket
    if (socket === null || socket.readyState !== 'open') return
    if (socket.writableLength > MAX_UNSENT_BYTES) socket.destroy()
    else socket.write(controlFrame(message))
  }
}
