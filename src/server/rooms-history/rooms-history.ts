// Keeps the history of rooms: what the rooms process tells, who the clients were, and the end of what it cannot tell any more.
import type { Timers } from '../../fleet/timers.ts'
import type { Logger } from '../../log.ts'
import { roomKey, userKey, type UserRef } from '../../mix/room.ts'
import type { RoomEvent } from '../../rooms/ipc.ts'
import type { RoomHistoryStore } from '../../store/room-history-store.ts'
import { commId } from '../../trtc/comm-id.ts'
import type { RoomsListener } from '../rtc/rooms-process.ts'

/** The client of a participant; `null`: unknown. */
export interface ClientInfo {
  readonly address: string | null
  readonly userAgent: string | null
}

export interface RoomsHistoryOptions {
  readonly store: RoomHistoryStore
  readonly timers: Timers
  readonly log: Logger
}

const KEPT_MS = 14 * 86_400_000
/** After a crash of the server, ends are known this exactly. */
const SEEN_EVERY_MS = 30_000
const PRUNE_EVERY_MS = 3_600_000
/** Changes that may wait for the database; further ones are lost, and the log says so. */
const MAX_WAITING = 10_000

export class RoomsHistory implements RoomsListener {
  readonly #options: RoomsHistoryOptions
  /** Ids of open rooms by room. */
  readonly #open = new Map<string, string>()
  /** Clients whose offers are with the rooms process, by user. */
  readonly #arriving = new Map<string, ClientInfo>()
  #last: Promise<void> = Promise.resolve()
  #waiting = 0
  #prunedAt = 0
  #cancelTick = (): void => {}

  constructor(options: RoomsHistoryOptions) {
    this.#options = options
  }

  /** Ends what an earlier server left open; to be called before the first event. */
  async start(): Promise<void> {
    const { store } = this.#options
    this.#write(() => store.endForgotten())
    this.#tick()
    await this.#last
  }

  /** A user's client asks to publish: if the user joins before the returned function is called, it came by this client. */
  arriving(user: UserRef, client: ClientInfo): () => void {
    const key = userKey(user)
    this.#arriving.set(key, client)
    return () => {
      if (this.#arriving.get(key) === client) this.#arriving.delete(key)
    }
  }

  event(event: RoomEvent): void {
    // Robots are this server's, not users of the application.
    if (event.isRobot) return
    if (event.type === 'joined') this.#joined(event)
    else if (event.type === 'left') this.#left(event)
  }

  /** The rooms process died: all its rooms ended. */
  down(): void {
    const { store, timers } = this.#options
    const at = timers.now()
    this.#open.clear()
    this.#write(async () => {
      await store.seen(at)
      await store.endForgotten()
    })
  }

  /** Resolves when everything told so far is stored. */
  async settled(): Promise<void> {
    await this.#last
  }

  async close(): Promise<void> {
    this.#cancelTick()
    await this.settled()
  }

  #joined({ room, userId, at }: RoomEvent): void {
    const { store } = this.#options
    const key = roomKey(room)
    const open = this.#open.get(key)
    const id = open ?? commId(room, Math.floor(at / 1000))
    this.#open.set(key, id)
    const { address = null, userAgent = null } = this.#arriving.get(userKey({ room, userId })) ?? {}
    this.#write(async () => {
      if (open === undefined) await store.opened({ id, room, openedBy: userId, openedAt: at })
      await store.joined(id, { userId, joinedAt: at, clientAddress: address, userAgent })
    })
  }

  #left({ room, userId, at, closesRoom }: RoomEvent): void {
    const { store } = this.#options
    const key = roomKey(room)
    const id = this.#open.get(key)
    if (id === undefined) return
    if (closesRoom !== undefined) this.#open.delete(key)
    this.#write(async () => {
      await store.left(id, userId, at)
      if (closesRoom !== undefined) await store.closed(id, at)
    })
  }

  #tick(): void {
    const { store, timers } = this.#options
    const at = timers.now()
    if (this.#open.size > 0) this.#write(() => store.seen(at))
    if (at - this.#prunedAt >= PRUNE_EVERY_MS) {
      this.#prunedAt = at
      this.#write(() => store.prune(at - KEPT_MS))
    }
    this.#cancelTick = timers.after(SEEN_EVERY_MS, () => this.#tick())
  }

  #write(change: () => Promise<void>): void {
    const { log } = this.#options
    if (this.#waiting >= MAX_WAITING) {
      log.error({ waiting: this.#waiting }, 'a change of the history of rooms is lost: the database does not keep up')
      return
    }
    this.#waiting += 1
    this.#last = this.#last
      .then(change)
      .catch((error: unknown) => log.error({ err: error }, 'a change of the history of rooms could not be stored'))
      .then(() => void (this.#waiting -= 1))
  }
}
