// Hands logged events to their receivers. Every application and family has slots of its own: a receiver that stalls
// holds up nobody else. What waits, waits in the database.
import type { Timers } from '../../fleet/timers.ts'
import type { Logger } from '../../log.ts'
import type { LoggedCallbackEvent } from '../../store/callback-event.ts'
import type { CallbackLane, CallbackStore } from '../../store/callback-store.ts'
import { callbackBody } from '../../trtc/callbacks/callback-event.ts'
import { callbackSign } from '../../trtc/callbacks/sign.ts'
import type { FindCallback } from './find-callback.ts'
import type { PostOptions } from './post-callback.ts'
import { nextTryAt } from './retry-times.ts'

/** Tries of one application and family at a time. */
const SLOTS = 8

/** Due events are looked for this often, besides at every new one. */
const BEAT_MS = 1000

/** Longer than a try takes: what is not answered for by then was lost with its server. */
const CLAIM_MS = 15_000

/** Longest time a server that ends still sends. */
const GOODBYE_MS = 1000

const KEEP_MS = 7 * 24 * 3600 * 1000
const FORGET_EVERY_MS = 3600 * 1000

export interface DelivererOptions {
  readonly store: CallbackStore
  readonly findCallback: FindCallback
  /** Resolves with `null` or with why the try failed. */
  readonly post: (request: Pick<PostOptions, 'url' | 'headers' | 'body' | 'signal'>) => Promise<string | null>
  readonly retryForMs: number
  readonly timers: Timers
  readonly log: Logger
}

export class Deliverer {
  readonly #options: DelivererOptions
  readonly #closing = new AbortController()
  /** Subjects with a try under way, by lane. */
  readonly #busy = new Map<string, Set<string>>()
  readonly #tries = new Set<Promise<void>>()
  #pumping: Promise<void> | null = null
  #pumpAgain = false
  #cancelBeat: (() => void) | null = null
  #closed: Promise<void> | null = null
  #forgotAt = -Infinity

  constructor(options: DelivererOptions) {
    this.#options = options
  }

  start(): void {
    if (this.#closed !== null) return
    this.wake()
    this.#cancelBeat = this.#options.timers.after(BEAT_MS, () => this.start())
  }

  /** Something may be due. */
  wake(): void {
    this.#pumpAgain = true
    this.#pumping ??= this.#pump().finally(() => {
      this.#pumping = null
    })
  }

  /** Sends for a second more what is due, as the news of this end; the rest is left to the next server. Idempotent. */
  close(): Promise<void> {
    return (this.#closed ??= this.#close())
  }

  async #close(): Promise<void> {
    this.#cancelBeat?.()
    const over = Promise.withResolvers<void>()
    const cancel = this.#options.timers.after(GOODBYE_MS, () => {
      this.#closing.abort()
      over.resolve()
    })
    await this.#pumping
    while (this.#tries.size > 0 && !this.#closing.signal.aborted) {
      await Promise.race([over.promise, ...this.#tries])
      await this.#pumping
    }
    cancel()
    this.#closing.abort()
    await this.#pumping
    await Promise.all(this.#tries)
  }

  async #pump(): Promise<void> {
    const { store, timers, log } = this.#options
    try {
      while (this.#pumpAgain && !this.#closing.signal.aborted) {
        this.#pumpAgain = false
        const now = timers.now()
        if (now - this.#forgotAt >= FORGET_EVERY_MS) {
          this.#forgotAt = now
          await store.forget(now - KEEP_MS)
        }
        for (const lane of await store.dueLanes(now)) await this.#fill(lane, now)
      }
    } catch (error) {
      log.error({ err: error }, 'events for callbacks could not be read; they are looked for again')
    }
  }

  async #fill(lane: CallbackLane, now: number): Promise<void> {
    const key = `${lane.appId}/${lane.family}`
    const busy = this.#busy.get(key) ?? new Set()
    if (busy.size >= SLOTS) return
    const events = await this.#options.store.claim(lane, [...busy], SLOTS - busy.size, now, now + CLAIM_MS)
    if (events.length > 0) this.#busy.set(key, busy)
    for (const event of events) {
      busy.add(event.subject)
      const attempt = this.#try(event).finally(() => {
        this.#tries.delete(attempt)
        busy.delete(event.subject)
        if (busy.size === 0) this.#busy.delete(key)
        this.wake()
      })
      this.#tries.add(attempt)
    }
  }

  async #try(event: LoggedCallbackEvent): Promise<void> {
    const { store, timers, log } = this.#options
    const triedAt = timers.now()
    const about = { eventId: event.id, appId: event.appId, type: event.type, taskId: event.taskId, tries: event.tries }
    try {
      const error = await this.#send(event, triedAt)
      const now = timers.now()
      if (error === null) {
        await store.delivered(event.id, now)
        log.debug(about, 'callback delivered')
        return
      }
      const dueAt = error === NO_ADDRESS ? null : this.#nextTryAt(event, triedAt, now)
      await store.failed(event.id, error, dueAt, now)
      if (dueAt === null) log.warn({ ...about, reason: error }, 'callback given up')
      else log.info({ ...about, reason: error, nextInMs: dueAt - now }, 'callback failed')
    } catch (error) {
      // Due again when its claim runs out.
      log.error({ ...about, err: error }, 'what became of a callback could not be stored')
    }
  }

  async #send(event: LoggedCallbackEvent, now: number): Promise<string | null> {
    const { findCallback, post } = this.#options
    const callback = await findCallback(event.appId, event.family)
    if (callback === null) return NO_ADDRESS
    const body = callbackBody(event.group, event.type, event.info, now)
    const headers = {
      'Content-Type': 'application/json',
      SdkAppId: String(event.appId),
      ...(callback.key === null ? {} : { Sign: callbackSign(callback.key, body) }),
    }
    return post({ url: callback.url, headers, body, signal: this.#closing.signal })
  }

  #nextTryAt({ tries, retryFrom }: LoggedCallbackEvent, triedAt: number, now: number): number | null {
    if (this.#closing.signal.aborted) return now
    return nextTryAt({ tries, retryFrom, triedAt, now, retryForMs: this.#options.retryForMs })
  }
}

const NO_ADDRESS = 'The application has no callback address.'
