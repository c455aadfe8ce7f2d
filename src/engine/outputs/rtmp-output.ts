// One RTMP destination: its state, its queue, and connections to it for as long as it is wanted.
import type { ConnectionOptions } from 'node:tls'
import type { OutputState, OutputStats, OutputStatus } from '../ipc.ts'
import type { FlvHeaders } from './flv.ts'
import { nextOutputState, type OutputEvent } from './output-states.ts'
import { RtmpSession, type RtmpTiming } from './rtmp/session.ts'
import { parseRtmpUrl } from './rtmp/url.ts'
import { SendQueue } from './send-queue.ts'
import type { Tag } from './tag.ts'

export interface OutputTiming extends RtmpTiming {
  /** Between the starts of the first attempt and the second; doubles from attempt to attempt. */
  readonly firstRetryMs: number
  readonly maxRetryMs: number
  /** Without a connection for this long, the output counts as failed; attempts go on. */
  readonly failedAfterMs: number
}

export const defaultOutputTiming: OutputTiming = {
  connectTimeoutMs: 5000,
  answerTimeoutMs: 5000,
  stallTimeoutMs: 5000,
  flushMs: 500,
  firstRetryMs: 500,
  maxRetryMs: 2000,
  failedAfterMs: 60_000,
}

/** Between the end of an attempt and the next one, however long it took. */
const MIN_PAUSE_MS = 100
/** A connection that lasted this long counts as good: the next attempts are quick again. */
const STEADY_MS = 5000

/** Attempts and stalls are timed by it, so that a step of the wall clock neither hurries nor delays them. */
const monotonicMs = (): number => performance.now()

export interface RtmpOutputOptions {
  readonly url: string
  /** Whether it waits for `setPaused(false)` before it connects. */
  readonly isPaused?: boolean
  /** The tags a new connection begins with. */
  readonly gop: () => readonly Tag[]
  readonly onStatus: (status: OutputStatus) => void
  /** Unix ms, for `changedAt`. */
  readonly now: () => number
  /** 0 to 1. */
  readonly random: () => number
  readonly timing?: Partial<OutputTiming>
  readonly tls?: Pick<ConnectionOptions, 'ca'>
}

export class RtmpOutput {
  readonly #options: RtmpOutputOptions
  readonly #timing: OutputTiming
  readonly #queue = new SendQueue()
  #state: OutputState = 'idle'
  #changedAt: number
  #error: string | null = null
  #session: RtmpSession | null = null
  #attempts = 0
  #attemptedAt = 0
  #liveAt: number | null = null
  #connections = 0
  #retryTimer: NodeJS.Timeout | undefined
  #failedTimer: NodeJS.Timeout | undefined
  #sentHeaders: FlvHeaders | null = null
  #sentIndex: number | null = null
  #newestIndex = 0
  #bytesSent = 0
  #framesSent = 0
  #framesDropped = 0
  #isPaused: boolean
  #leaving: Promise<void> | null = null
  #closed: Promise<void> | null = null

  /** Connects at once, and again and again until paused or closed. */
  constructor(options: RtmpOutputOptions) {
    this.#options = options
    this.#timing = { ...defaultOutputTiming, ...options.timing }
    this.#changedAt = options.now()
    this.#isPaused = options.isPaused ?? false
    if (!this.#isPaused) this.#open()
    // Whoever knew it as connected, before an engine ended, learns that it is not.
    else options.onStatus({ url: options.url, state: this.#state, changedAt: this.#changedAt, error: null })
  }

  get hasSent(): boolean {
    return this.#framesSent > 0
  }

  /** Never waits: what cannot be sent now is queued, or dropped by the queue's policy. */
  send(tag: Tag): void {
    this.#newestIndex = tag.index
    if (this.#state !== 'running') return
    this.#queue.push(tag)
    this.#pump()
  }

  /** Frames of picture and sound; dropped ones were given to no connection and never will be. */
  stats(): OutputStats {
    return {
      url: this.#options.url,
      state: this.#state,
      bytesSent: this.#bytesSent,
      framesSent: this.#framesSent,
      framesDropped: this.#framesDropped + this.#framesMissed(),
      queueBytes: this.#queue.bytes,
      reconnects: Math.max(0, this.#connections - 1),
    }
  }

  /** Takes leave of the server until resumed; counters and the error of before are kept. Of several calls the last one holds. */
  setPaused(isPaused: boolean): void {
    if (this.#closed !== null || isPaused === this.#isPaused) return
    this.#isPaused = isPaused
    if (this.#leaving !== null) return
    if (!isPaused) return this.#open()
    this.#leaving = this.#leave().finally(() => {
      this.#leaving = null
      if (!this.#isPaused && this.#closed === null) this.#open()
    })
  }

  /** Sends what is queued, says goodbye and disconnects, within `flushMs`; idempotent. */
  close(): Promise<void> {
    return (this.#closed ??= this.#close())
  }

  async #close(): Promise<void> {
    await (this.#leaving ?? this.#leave())
  }

  #open(): void {
    this.#attempts = 0
    this.#apply('open', null)
    this.#startDeadline()
    this.#attempt()
  }

  async #leave(): Promise<void> {
    clearTimeout(this.#retryTimer)
    clearTimeout(this.#failedTimer)
    if (this.#state === 'running') for (let tag = this.#queue.shift(); tag !== undefined; tag = this.#queue.shift()) this.#write(tag)
    this.#apply('close', null)
    await this.#session?.close()
    this.#session = null
    this.#queue.clear()
    this.#liveAt = null
    // What is made during a pause is not dropped, and to connect after it is no reconnect.
    this.#framesDropped += this.#framesMissed()
    this.#sentIndex = null
    if (this.#isPaused) this.#connections = Math.max(0, this.#connections - 1)
    this.#apply('closed', null)
  }

  /** Frames since the last one sent, while there is no connection. */
  #framesMissed(): number {
    return this.#state === 'running' || this.#sentIndex === null ? 0 : this.#newestIndex - this.#sentIndex
  }

  #attempt(): void {
    this.#attempts += 1
    this.#attemptedAt = monotonicMs()
    try {
      this.#session = new RtmpSession({
        address: parseRtmpUrl(this.#options.url),
        timing: this.#timing,
        tls: this.#options.tls ?? {},
        nowMs: monotonicMs,
        onLive: () => this.#live(),
        onDrain: () => this.#pump(),
        onEnd: (reason) => this.#lost(reason),
      })
    } catch (error) {
      this.#lost(error instanceof Error ? error.message : 'The address is not valid.')
    }
  }

  #live(): void {
    clearTimeout(this.#failedTimer)
    this.#connections += 1
    this.#liveAt = monotonicMs()
    this.#sentHeaders = null
    this.#queue.clear()
    this.#apply('live', null)
    for (const tag of this.#options.gop()) this.#queue.push(tag)
    this.#pump()
  }

  #lost(reason: string): void {
    this.#session = null
    this.#queue.clear()
    if (this.#liveAt !== null) {
      if (monotonicMs() - this.#liveAt >= STEADY_MS) this.#attempts = 0
      this.#liveAt = null
      this.#startDeadline()
    }
    this.#apply('lost', reason)
    const { firstRetryMs, maxRetryMs } = this.#timing
    const distanceMs = Math.min(maxRetryMs, firstRetryMs * 2 ** Math.max(0, this.#attempts - 1))
    // Jitter shortens only, so that the longest distance holds.
    const pauseMs = distanceMs * (1 - this.#options.random() / 4) - (monotonicMs() - this.#attemptedAt)
    this.#retryTimer = setTimeout(() => this.#attempt(), Math.max(MIN_PAUSE_MS, pauseMs))
  }

  #startDeadline(): void {
    clearTimeout(this.#failedTimer)
    this.#failedTimer = setTimeout(() => this.#apply('deadline', this.#error), this.#timing.failedAfterMs)
  }

  #pump(): void {
    while (this.#session?.canWrite === true) {
      const tag = this.#queue.shift()
      if (tag === undefined) return
      this.#write(tag)
    }
  }

  #write(tag: Tag): void {
    if (this.#session === null) return
    if (tag.headers !== this.#sentHeaders) this.#writeHeaders(tag)
    this.#bytesSent += this.#session.write(tag.kind, tag.timestampMs, tag.body)
    this.#framesSent += 1
    if (this.#sentIndex !== null) this.#framesDropped += Math.max(0, tag.index - this.#sentIndex - 1)
    // A new connection begins with tags that the one before may have had.
    this.#sentIndex = Math.max(this.#sentIndex ?? 0, tag.index)
  }

  #writeHeaders({ headers, timestampMs }: Tag): void {
    this.#bytesSent += this.#session?.write('data', timestampMs, headers.metadata) ?? 0
    if (headers.video !== null) this.#bytesSent += this.#session?.write('video', timestampMs, headers.video) ?? 0
    this.#bytesSent += this.#session?.write('audio', timestampMs, headers.audio) ?? 0
    this.#sentHeaders = headers
  }

  /** Reports every change of state, and every new error within one. */
  #apply(event: OutputEvent, error: string | null): void {
    const next = nextOutputState(this.#state, event)
    if (next === null) return
    const isNews = next !== this.#state || error !== this.#error
    if (next !== this.#state) this.#changedAt = this.#options.now()
    this.#state = next
    this.#error = error
    if (isNews) this.#options.onStatus({ url: this.#options.url, state: next, changedAt: this.#changedAt, error })
  }
}
