// Meters what the tasks of this worker mix and send: a look a second, kept by the minute, written every half minute.
import type { MixingTask } from '../../fleet/mixing-task.ts'
import type { Timers } from '../../fleet/timers.ts'
import type { Logger } from '../../log.ts'
import { usageTier, type UsageTier } from '../../mix/usage-tier.ts'
import type { Lease } from '../../store/lease-store.ts'
import type { MinuteUse, UsageStore } from '../../store/usage-store.ts'
import { MINUTE_MS, minutePieces } from './minute-pieces.ts'
import { SentBytes, type Billing } from './sent-bytes.ts'

/** Engines report once a second: a change of what comes in counts from then on. */
const LOOK_MS = 1000

/** What a crash loses at most. */
const WRITE_MS = 30_000

/** Time between two looks that is taken on trust, when this process was busy or the machine slept. */
const LONGEST_LOOK_MS = MINUTE_MS

/** Rows of tasks are kept for this long, then rows of applications. */
const FOLD_AFTER_MS = 2 * 24 * 3600 * 1000

const KEEP_MS = 400 * 24 * 3600 * 1000

const CLEAR_UP_MS = 3600 * 1000

/** Minutes that wait for a database that fails; beyond, the oldest are dropped. */
const MAX_WAITING = 20_000

export interface UsageMeterOptions {
  readonly mixing: () => readonly MixingTask[]
  readonly store: Pick<UsageStore, 'record' | 'fold' | 'forget'>
  readonly timers: Timers
  readonly log: Logger
}

interface Minute extends MinuteUse {
  readonly ms: Map<UsageTier, number>
  readonly bytes: Map<Billing, number>
}

export class UsageMeter {
  readonly #options: UsageMeterOptions
  /** What every task sent so far. A task that another worker had meanwhile has a new claim, and begins anew. */
  #sent = new Map<string, SentBytes>()
  /** By claim and minute; those of the present minute stay, to be written again. */
  #minutes = new Map<string, Minute>()
  #lookedAt: number
  #wroteAt: number
  #clearedAt = -Infinity
  #minuteAt = 0
  #cancelLook: () => void
  #writing: Promise<void> = Promise.resolve()
  #isClosed = false

  constructor(options: UsageMeterOptions) {
    this.#options = options
    this.#lookedAt = this.#wroteAt = options.timers.now()
    this.#cancelLook = options.timers.after(LOOK_MS, () => this.#beat())
  }

  /** Resolves when everything up to now is written; a database that fails is logged and tried again with the next writing. */
  write(): Promise<void> {
    this.#look()
    this.#writing = this.#writing.then(() => this.#write())
    return this.#writing
  }

  /** Writes what was used up to now. Idempotent. */
  async close(): Promise<void> {
    if (this.#isClosed) return this.#writing
    this.#isClosed = true
    this.#cancelLook()
    await this.write()
  }

  #beat(): void {
    this.#cancelLook = this.#options.timers.after(LOOK_MS, () => this.#beat())
    if (this.#options.timers.now() - this.#wroteAt >= WRITE_MS) void this.write()
    else this.#look()
  }

  /** The time since the last look counts as what is seen now, for tasks that were seen then. */
  #look(): void {
    const now = this.#options.timers.now()
    const from = Math.max(this.#lookedAt, now - LONGEST_LOOK_MS)
    this.#lookedAt = now
    const sent = new Map<string, SentBytes>()
    for (const { lease, spec, enginePid, stats } of this.#options.mixing()) {
      const claim = `${lease.id}/${lease.epoch}`
      const known = this.#sent.get(claim)
      const counter = known ?? new SentBytes()
      sent.set(claim, counter)
      if (known !== undefined) {
        const pictures = stats.inputs.filter(({ kind }) => kind !== 'microphone')
        const tier = usageTier(pictures, spec.video?.encode ?? null)
        for (const { minuteAt, ms } of minutePieces(from, now)) add(this.#minute(claim, lease, minuteAt).ms, tier, ms)
      }
      const bytes = counter.take(enginePid, stats, spec.outputs)
      for (const [billing, count] of bytes) add(this.#minute(claim, lease, now).bytes, billing, count)
    }
    this.#sent = sent
  }

  /** A clock that was set back does not lead back into minutes that were written and forgotten. */
  #minute(claim: string, lease: Lease, at: number): Minute {
    const minuteAt = Math.max(this.#minuteAt, Math.floor(at / MINUTE_MS) * MINUTE_MS)
    const key = `${claim}/${minuteAt}`
    const minute = this.#minutes.get(key) ?? { lease, minuteAt, ms: new Map(), bytes: new Map() }
    this.#minutes.set(key, minute)
    return minute
  }

  async #write(): Promise<void> {
    const { store, timers, log } = this.#options
    const now = timers.now()
    this.#wroteAt = now
    // Looks to come add to nothing older, which therefore is forgotten once it is written.
    this.#minuteAt = Math.max(this.#minuteAt, Math.floor(this.#lookedAt / MINUTE_MS) * MINUTE_MS)
    const whole = [...this.#minutes].filter(([, { minuteAt }]) => minuteAt < this.#minuteAt)
    try {
      await store.record([...this.#minutes.values()])
      for (const [key] of whole) this.#minutes.delete(key)
      if (now - this.#clearedAt < CLEAR_UP_MS) return
      this.#clearedAt = now
      await store.fold(now - FOLD_AFTER_MS)
      await store.forget(now - KEEP_MS)
    } catch (error) {
      log.error({ err: error, waiting: this.#minutes.size }, 'usage could not be written')
      for (const key of [...this.#minutes.keys()].slice(0, Math.max(0, this.#minutes.size - MAX_WAITING))) this.#minutes.delete(key)
    }
  }
}

const add = <Key>(sums: Map<Key, number>, key: Key, value: number): void => void sums.set(key, (sums.get(key) ?? 0) + value)
