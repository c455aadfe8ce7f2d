// One connection to an RTMP server, from the TCP handshake to its end. It never waits and never retries.
import net from 'node:net'
import tls from 'node:tls'
import { amf0Member, decodeAmf0, encodeAmf0, type Amf0Value } from '../amf0.ts'
import { ChunkReader } from './chunk-reader.ts'
import { writeMessage } from './chunk-writer.ts'
import { handshakeAnswer, handshakeHello } from './handshake.ts'
import { chunkStream, messageType, type RtmpMessage } from './message.ts'
import { rejectionText, socketErrorText } from './session-errors.ts'
import { StallWatch } from './stall-watch.ts'
import type { RtmpAddress } from './url.ts'

/** Most packets fit into one chunk of this size. */
const CHUNK_BYTES = 65_536
/** How often the server is asked to acknowledge. */
const WINDOW_BYTES = 64 * 1024
const STALL_CHECK_MS = 1000

const transaction = { connect: 1, releaseStream: 2, fcPublish: 3, createStream: 4, publish: 5, fcUnpublish: 6, deleteStream: 7 } as const

type Phase = 'connecting' | 'handshaking' | 'joining' | 'creating' | 'publishing' | 'live' | 'closing' | 'ended'

export interface RtmpTiming {
  /** For TCP and TLS together. */
  readonly connectTimeoutMs: number
  /** For every answer of the server until it takes the stream. */
  readonly answerTimeoutMs: number
  /** Without any progress while there is something to send. */
  readonly stallTimeoutMs: number
  /** For the goodbye. */
  readonly flushMs: number
}

export interface RtmpSessionOptions {
  readonly address: RtmpAddress
  readonly timing: RtmpTiming
  /** Trust beyond the system's, for servers with certificates of their own. */
  readonly tls: Pick<tls.ConnectionOptions, 'ca'>
  /** Monotonic. */
  readonly nowMs: () => number
  /** The server takes the stream. */
  readonly onLive: () => void
  /** More may be written. */
  readonly onDrain: () => void
  /** The connection is over; comes once, and never after `close`. `reason` is a sentence without secrets. */
  readonly onEnd: (reason: string) => void
}

export class RtmpSession {
  readonly #options: RtmpSessionOptions
  readonly #socket: net.Socket
  readonly #reader = new ChunkReader()
  readonly #watch: StallWatch
  #phase: Phase = 'connecting'
  #handshake: Buffer = Buffer.alloc(0)
  #streamId = 0
  #received = 0
  #acknowledged = 0
  #serverWindowBytes = Infinity
  #deadline: NodeJS.Timeout | undefined
  #stallTimer: NodeJS.Timeout | undefined
  #closed: Promise<void> | null = null

  /** Connects at once. */
  constructor(options: RtmpSessionOptions) {
    this.#options = options
    const { address, timing, nowMs } = options
    this.#watch = new StallWatch(timing.stallTimeoutMs, WINDOW_BYTES, nowMs)
    const { host, port, isTls } = address
    this.#socket = isTls
      ? tls.connect({ ...options.tls, host, port, ...(net.isIP(host) === 0 ? { servername: host } : {}) })
      : net.connect({ host, port })
    this.#socket.setNoDelay(true)
    this.#socket.once(isTls ? 'secureConnect' : 'connect', () => this.#connected())
    this.#socket.on('data', (data) => this.#take(data))
    this.#socket.on('drain', () => {
      if (this.#phase === 'live') options.onDrain()
    })
    this.#socket.on('error', (error) => this.#end(socketErrorText(error)))
    this.#socket.on('close', () => this.#end('The server closed the connection.'))
    this.#enter('connecting', timing.connectTimeoutMs)
  }

  /** Whether media may be written without piling up in memory. */
  get canWrite(): boolean {
    return this.#phase === 'live' && !this.#socket.writableNeedDrain
  }

  /** Sends one FLV tag body; gives the bytes it took. Ignored unless live. */
  write(kind: 'video' | 'audio' | 'data', timestampMs: number, body: Buffer): number {
    if (this.#phase !== 'live') return 0
    return this.#send(chunkStream[kind], { type: messageType[kind], streamId: this.#streamId, timestampMs, body })
  }

  /** Says goodbye if there is a stream, lets what was written go out for `flushMs`, and disconnects; idempotent. */
  close(): Promise<void> {
    return (this.#closed ??= this.#close())
  }

  #close(): Promise<void> {
    if (this.#phase === 'ended') return Promise.resolve()
    if (this.#phase === 'live') {
      const { streamKey } = this.#options.address
      this.#command('FCUnpublish', transaction.fcUnpublish, null, streamKey)
      this.#command('deleteStream', transaction.deleteStream, null, this.#streamId)
    }
    const wasConnecting = this.#phase === 'connecting'
    this.#stopTimers()
    this.#phase = 'closing'
    return new Promise((resolve) => {
      if (this.#socket.closed) return resolve()
      const timer = setTimeout(() => this.#socket.destroy(), this.#options.timing.flushMs)
      this.#socket.once('close', () => {
        clearTimeout(timer)
        this.#phase = 'ended'
        resolve()
      })
      if (wasConnecting) this.#socket.destroy()
      // The server's own end shows that it has read everything.
      else this.#socket.end()
    })
  }

  #enter(phase: Phase, timeoutMs: number): void {
    this.#phase = phase
    clearTimeout(this.#deadline)
    this.#deadline = setTimeout(() => this.#end(`No answer from the server while ${phase} for ${timeoutMs / 1000} s.`), timeoutMs)
  }

  #connected(): void {
    this.#enter('handshaking', this.#options.timing.answerTimeoutMs)
    this.#socket.write(handshakeHello())
  }

  #take(data: Buffer): void {
    if (this.#phase === 'closing' || this.#phase === 'ended') return
    try {
      if (this.#phase === 'handshaking') this.#shakeHands(data)
      else this.#read(data)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      this.#end(`The server does not speak RTMP: ${error.message}`)
    }
  }

  #shakeHands(data: Buffer): void {
    this.#handshake = Buffer.concat([this.#handshake, data])
    const result = handshakeAnswer(this.#handshake)
    if (result === null) return
    this.#handshake = Buffer.alloc(0)
    this.#socket.write(result.answer)
    this.#control(messageType.setChunkSize, CHUNK_BYTES)
    this.#control(messageType.windowAckSize, WINDOW_BYTES)
    const { app, tcUrl } = this.#options.address
    this.#enter('joining', this.#options.timing.answerTimeoutMs)
    this.#command('connect', transaction.connect, { app, type: 'nonprivate', flashVer: 'FMLE/3.0 (compatible; Tributary)', tcUrl })
    if (result.rest.length > 0) this.#read(result.rest)
  }

  #read(data: Buffer): void {
    this.#received += data.length
    for (const message of this.#reader.push(data)) this.#obey(message)
    if (this.#received - this.#acknowledged < this.#serverWindowBytes) return
    this.#acknowledged = this.#received
    this.#control(messageType.acknowledgement, this.#received % 2 ** 32)
  }

  #obey({ type, body }: RtmpMessage): void {
    if (type === messageType.command) this.#answer(decodeAmf0(body))
    else if (type === messageType.acknowledgement) this.#watch.acknowledged(body.readUInt32BE(0))
    else if (type === messageType.windowAckSize) this.#serverWindowBytes = body.readUInt32BE(0)
    else if (type === messageType.userControl && body.readUInt16BE(0) === 6) this.#pong(body)
  }

  /** Ping Request to Ping Response (7.1.7). */
  #pong(ping: Buffer): void {
    const body = Buffer.from(ping.subarray(0, 6))
    body.writeUInt16BE(7, 0)
    this.#send(chunkStream.control, { type: messageType.userControl, streamId: 0, timestampMs: 0, body })
  }

  #answer([name, id, , info]: readonly Amf0Value[]): void {
    const { address, timing } = this.#options
    if (name === '_result' && id === transaction.connect && this.#phase === 'joining') {
      this.#enter('creating', timing.answerTimeoutMs)
      // Some servers do not know these two; their answer is not waited for.
      this.#command('releaseStream', transaction.releaseStream, null, address.streamKey)
      this.#command('FCPublish', transaction.fcPublish, null, address.streamKey)
      this.#command('createStream', transaction.createStream, null)
    } else if (name === '_result' && id === transaction.createStream && this.#phase === 'creating') {
      this.#streamId = typeof info === 'number' ? info : 1
      this.#enter('publishing', timing.answerTimeoutMs)
      this.#command('publish', transaction.publish, null, address.streamKey, 'live')
    } else if (name === '_error' && (id === transaction.connect || id === transaction.createStream || id === transaction.publish)) {
      this.#end(rejectionText(info, address))
    } else if (name === 'onStatus' && amf0Member(info, 'level') === 'error') {
      this.#end(rejectionText(info, address))
    } else if (name === 'onStatus' && amf0Member(info, 'code') === 'NetStream.Publish.Start' && this.#phase === 'publishing') {
      this.#begin()
    } else if (name === 'close') {
      this.#end('The server ended the stream.')
    }
  }

  #begin(): void {
    clearTimeout(this.#deadline)
    this.#phase = 'live'
    this.#stallTimer = setInterval(
      () => {
        if (this.#watch.isStalled(this.#socket.writableLength)) this.#end('The server stopped taking data.')
      },
      Math.min(STALL_CHECK_MS, this.#options.timing.stallTimeoutMs / 4),
    )
    this.#options.onLive()
  }

  #command(...values: readonly Amf0Value[]): void {
    const streamId = values[0] === 'publish' ? this.#streamId : 0
    this.#send(chunkStream.command, { type: messageType.command, streamId, timestampMs: 0, body: encodeAmf0(...values) })
  }

  #control(type: number, value: number): void {
    const body = Buffer.alloc(4)
    body.writeUInt32BE(value)
    this.#send(chunkStream.control, { type, streamId: 0, timestampMs: 0, body })
  }

  #send(chunkStreamId: number, message: RtmpMessage): number {
    // Set Chunk Size is the first message and fits into the chunks of before.
    const bytes = writeMessage(chunkStreamId, message, CHUNK_BYTES)
    this.#socket.write(bytes)
    this.#watch.wrote(bytes.length, this.#socket.writableLength)
    return bytes.length
  }

  #stopTimers(): void {
    clearTimeout(this.#deadline)
    clearInterval(this.#stallTimer)
  }

  #end(reason: string): void {
    if (this.#phase === 'closing' || this.#phase === 'ended') return
    this.#phase = 'ended'
    this.#stopTimers()
    this.#socket.destroy()
    this.#options.onEnd(reason)
  }
}
