// One task as its callers know it: the status told last of every push, and when to say it again.
import { createHash } from 'node:crypto'
import type { OutputState } from '../../engine/ipc.ts'
import type { Timers } from '../../fleet/timers.ts'
import type { Task } from '../../store/task.ts'
import { relayEvent, type RelayStatus } from '../../trtc/callbacks/relay-event.ts'
import type { EventLog } from './event-log.ts'
import { relayStatusesOn } from './relay-statuses.ts'

/** `connecting` and `recovering` are repeated this often, for this long; then the push counts as failed. */
const REPEAT_MS = 5000
const FAILED_AFTER_MS = 60_000

export interface ReportedTaskOptions {
  readonly task: Pick<Task, 'id' | 'appId' | 'spec'>
  /** What `keepStatuses` got last for this task. */
  readonly told: Promise<string | null>
  readonly events: Pick<EventLog, 'record' | 'keepStatuses'>
  readonly timers: Timers
}

interface Push {
  readonly url: string
  status: RelayStatus
  /** Unix ms of the last event; of two, the second always has a later one. */
  at: number
  error: string | null
  /** Unix ms of the status' first event by this server. */
  since: number
  cancel: (() => void) | null
}

type Kept = Pick<Push, 'url' | 'status' | 'at' | 'error'>

export class ReportedTask {
  readonly #options: ReportedTaskOptions
  readonly #pushes = new Map<string, Push>()
  /** What came before `told` was known. */
  #early: (() => void)[] | null = []
  #isClosed = false

  constructor(options: ReportedTaskOptions) {
    this.#options = options
    void options.told.then((told) => {
      this.#restore(told === null ? [] : (JSON.parse(told) as Kept[]))
      for (const change of this.#early ?? []) change()
      this.#early = null
    })
  }

  output(url: string, state: OutputState, error: string | null): void {
    this.#change((now) => this.#move(url, state, error, now))
  }

  /** Pushes that ran do so no longer, for now. */
  broken(reason: string): void {
    this.#change((now) => {
      for (const { url, status } of [...this.#pushes.values()]) if (status === 'running') this.#move(url, 'recovering', reason, now)
    })
  }

  /** Whatever was not told as ended is told so now. */
  ended(): void {
    this.#change((now) => {
      for (const url of [...this.#pushes.keys()]) this.#move(url, 'idle', null, now)
    })
  }

  /** Tells nothing of what comes later. */
  close(): void {
    this.#change(() => {
      this.#isClosed = true
      for (const { cancel } of this.#pushes.values()) cancel?.()
    })
  }

  #change(change: (now: number) => void): void {
    const now = this.#options.timers.now()
    const run = (): void => {
      if (!this.#isClosed) change(now)
    }
    if (this.#early === null) run()
    else this.#early.push(run)
  }

  /** What an earlier server told; pushes that were removed meanwhile are over. */
  #restore(kept: readonly Kept[]): void {
    const { task, timers } = this.#options
    const now = timers.now()
    const wanted = new Set(task.spec.outputs.map(({ url }) => url))
    for (const one of kept) this.#pushes.set(one.url, { ...one, since: now, cancel: null })
    for (const push of [...this.#pushes.values()]) {
      if (wanted.has(push.url) && push.status !== 'disconnecting') this.#repeatLater(push)
      else this.#move(push.url, 'idle', null, now)
    }
  }

  #move(url: string, state: OutputState, error: string | null, now: number): void {
    const push = this.#pushes.get(url) ?? { url, status: 'idle', at: 0, error: null, since: now, cancel: null }
    const statuses = relayStatusesOn(push.status, state)
    // An engine that takes over begins without the error of the one before.
    push.error = state === 'running' ? null : (error ?? push.error)
    for (const status of statuses) {
      push.status = status
      push.since = now
      this.#tell(push, now)
    }
    if (statuses.length === 0) return
    this.#pushes.set(url, push)
    if (push.status === 'idle') this.#pushes.delete(url)
    this.#repeatLater(push)
    this.#keep()
  }

  /** Says the status again in time, or that the push has failed. */
  #repeatLater(push: Push): void {
    push.cancel?.()
    push.cancel = null
    if (push.status !== 'connecting' && push.status !== 'recovering') return
    push.cancel = this.#options.timers.after(REPEAT_MS, () => {
      const now = this.#options.timers.now()
      if (now - push.since >= FAILED_AFTER_MS) return this.#move(push.url, 'failed', null, now)
      this.#tell(push, now)
      this.#repeatLater(push)
    })
  }

  #tell(push: Push, now: number): void {
    const { task, events } = this.#options
    const { room, robot } = task.spec
    push.at = Math.max(now, push.at + 1)
    const { url, status, at, error } = push
    const event = relayEvent({ room, userId: robot.userId, taskId: task.id, url, status, at, error })
    events.record(event, { appId: task.appId, family: 'relay', subject: `${task.id}/${nameless(url)}`, taskId: task.id })
  }

  #keep(): void {
    const kept: Kept[] = [...this.#pushes.values()].map(({ url, status, at, error }) => ({ url, status, at, error }))
    this.#options.events.keepStatuses(this.#options.task.id, kept.length === 0 ? null : JSON.stringify(kept))
  }
}

/** Stands for an address where no secret may stand. */
const nameless = (url: string): string => createHash('sha256').update(url).digest('base64url').slice(0, 16)
