// A participant without a person: publishes a moving picture and a tone by WHIP until it is closed, whatever happens to the server.
import type { Logger } from '../log.ts'
import { framePayloads } from './payloads.ts'
import { opusFrameSamples, ToneSource } from './tone-source.ts'
import { VideoSource } from './video-source.ts'
import { WhipSession } from './whip-session.ts'

export interface SyntheticParticipantOptions {
  /** Where to publish; the address names the participant. */
  readonly whipUrl: string
  /** Secret. */
  readonly userSig: string
  readonly codec: 'h264' | 'vp8'
  readonly widthPx: number
  readonly heightPx: number
  readonly fps: number
  readonly bitRateKbps: number
  /** Background, 0xRRGGBB. */
  readonly color: number
  /** Text in the picture, usually the user id. */
  readonly name: string
  readonly toneHz: number
  readonly log: Logger
}

export interface ParticipantStats {
  readonly frames: number
  readonly keyFrameRequests: number
  /** Sessions that ended against our will. */
  readonly reconnects: number
  readonly packets: number
  readonly retransmitted: number
}

const opusFrameMs = opusFrameSamples / 48
const reportMs = 1_000
/** The server reports every second; a silent one is gone. ICE itself would take half a minute to notice. */
const silenceMs = 4_000
const connectMs = 10_000
const firstRetryMs = 250
const longestRetryMs = 2_000
/** Late work is left out rather than sent in a burst. */
const mostLateMs = 500

const wallClockMs = (): number => performance.timeOrigin + performance.now()

export class SyntheticParticipant {
  readonly #options: SyntheticParticipantOptions
  readonly #stop = new AbortController()
  readonly #tone: ToneSource
  #picture: VideoSource
  #running: Promise<void> | null = null
  #firstConnected = Promise.withResolvers<void>()
  #session: WhipSession | null = null
  #wantsKeyFrame = true
  #stats = { frames: 0, keyFrameRequests: 0, reconnects: 0, packets: 0, retransmitted: 0 }

  constructor(options: SyntheticParticipantOptions) {
    this.#options = options
    this.#picture = new VideoSource(options)
    this.#tone = new ToneSource(options.toneHz)
  }

  /** Begins to publish; resolves when media flows for the first time. */
  start(): Promise<void> {
    this.#running ??= this.#run()
    return this.#firstConnected.promise
  }

  get stats(): ParticipantStats {
    const streams = this.#session === null ? [] : [this.#session.video, this.#session.audio]
    const sum = (name: 'packets' | 'retransmitted'): number => streams.reduce((total, stream) => total + stream[name], this.#stats[name])
    return { ...this.#stats, packets: sum('packets'), retransmitted: sum('retransmitted') }
  }

  /** Goes on with pictures of another size, as a camera does that turns or adapts. Both are even. */
  resize(widthPx: number, heightPx: number): void {
    this.#picture.close()
    this.#picture = new VideoSource({ ...this.#options, widthPx, heightPx })
    this.#wantsKeyFrame = true
  }

  /** Leaves the room; idempotent. */
  async close(): Promise<void> {
    this.#stop.abort()
    this.#firstConnected.promise.catch(() => {})
    this.#firstConnected.reject(new Error('The participant was closed before it was connected.'))
    await this.#running
    this.#picture.close()
    this.#tone.close()
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop
    let retryMs = firstRetryMs
    while (!signal.aborted) {
      try {
        if (await this.#publishOnce()) retryMs = firstRetryMs
        if (!signal.aborted) this.#stats.reconnects++
      } catch (error) {
        if (!signal.aborted) this.#options.log.warn({ reason: (error as Error).message }, 'publishing failed')
      }
      await pause(retryMs, signal)
      retryMs = Math.min(retryMs * 2, longestRetryMs)
    }
  }

  /** Publishes until the session ends. @returns whether it ever was connected */
  async #publishOnce(): Promise<boolean> {
    const { log, whipUrl, userSig, codec } = this.#options
    const ended = new AbortController()
    const until = AbortSignal.any([this.#stop.signal, ended.signal])
    let heardAt = Number.POSITIVE_INFINITY
    const session = await WhipSession.open(
      {
        whipUrl,
        userSig,
        codec,
        onConnected: () => (heardAt = performance.now()),
        onFeedback: () => (heardAt = performance.now()),
        onKeyFrameRequest: () => {
          this.#stats.keyFrameRequests++
          this.#wantsKeyFrame = true
        },
        onEnded: () => ended.abort(),
      },
      AbortSignal.any([until, AbortSignal.timeout(connectMs)]),
    )
    this.#session = session
    const openedAt = performance.now()
    const isConnected = (): boolean => Number.isFinite(heardAt)
    try {
      while (!until.aborted && !isConnected()) {
        if (performance.now() - openedAt > connectMs) throw new Error(`No connection after ${connectMs} ms.`)
        await pause(10, until)
      }
      if (until.aborted) return false
      log.info('publishing')
      this.#firstConnected.resolve()
      await this.#stream(session, until, () => performance.now() - heardAt > silenceMs)
      return true
    } finally {
      this.#session = null
      this.#stats.packets += session.video.packets + session.audio.packets
      this.#stats.retransmitted += session.video.retransmitted + session.audio.retransmitted
      await session.close()
    }
  }

  async #stream(session: WhipSession, until: AbortSignal, isSilent: () => boolean): Promise<void> {
    const { codec, fps } = this.#options
    const beganAt = wallClockMs()
    const frameMs = 1_000 / fps
    let [picturesDone, soundsDone, reportsDone] = [0, 0, 0]
    this.#wantsKeyFrame = true
    while (!until.aborted) {
      if (isSilent()) {
        this.#options.log.warn(`nothing heard from the server for ${silenceMs} ms`)
        return
      }
      const elapsedMs = wallClockMs() - beganAt
      if (picturesDone * frameMs <= elapsedMs) {
        if (elapsedMs - picturesDone * frameMs > mostLateMs) picturesDone = Math.floor(elapsedMs / frameMs)
        const dueMs = picturesDone++ * frameMs
        const encoded = this.#picture.encode(beganAt + dueMs, this.#wantsKeyFrame)
        this.#wantsKeyFrame = false
        if (encoded !== null) session.video.sendFrame(framePayloads(codec, encoded), dueMs, true)
        this.#stats.frames++
      }
      if (elapsedMs - soundsDone * opusFrameMs > mostLateMs) soundsDone = Math.floor(elapsedMs / opusFrameMs)
      while (soundsDone * opusFrameMs <= elapsedMs) {
        const encoded = this.#tone.encode()
        if (encoded !== null) session.audio.sendFrame([encoded], soundsDone * opusFrameMs, false)
        soundsDone++
      }
      if (reportsDone * reportMs <= elapsedMs) {
        reportsDone = Math.floor(elapsedMs / reportMs) + 1
        const now = wallClockMs()
        for (const stream of [session.video, session.audio]) stream.sendReport(now, now - beganAt)
      }
      const nextMs = Math.min(picturesDone * frameMs, soundsDone * opusFrameMs, reportsDone * reportMs)
      await pause(nextMs - (wallClockMs() - beganAt), until)
    }
  }
}

/** Waits, at most until the signal; never less than a turn of the event loop, so that feedback gets in. */
function pause(forMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, Math.max(0, forMs))
    signal.addEventListener('abort', done, { once: true })
  })
}
