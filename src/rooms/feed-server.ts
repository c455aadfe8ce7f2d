// The unix socket engines connect to: one connection per task, one robot per identity.
import { rmSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { once } from 'node:events'
import { userKey } from '../mix/room.ts'
import { FeedConnection, type FeedConnectionOptions } from './feed-connection.ts'

export type FeedServerOptions = Pick<FeedConnectionOptions, 'rooms' | 'authorize' | 'now'> & {
  /** Path of the socket; what a dead process left there is removed. */
  readonly address: string
}

export class FeedServer {
  readonly #connections = new Set<FeedConnection>()
  readonly #server: Server

  private constructor(options: FeedServerOptions) {
    this.#server = createServer((socket) => {
      this.#connections.add(
        new FeedConnection({
          ...options,
          socket,
          entered: (connection) => this.#replaceEarlier(connection),
          closed: (connection) => this.#connections.delete(connection),
        }),
      )
    })
  }

  /** Listens; only the user we run as may connect. */
  static async listen(options: FeedServerOptions): Promise<FeedServer> {
    const feedServer = new FeedServer(options)
    rmSync(options.address, { force: true })
    const mask = process.umask(0o077)
    feedServer.#server.listen(options.address)
    process.umask(mask)
    await once(feedServer.#server, 'listening')
    return feedServer
  }

  get connectionCount(): number {
    return this.#connections.size
  }

  tick(nowMs: number): void {
    for (const connection of this.#connections) connection.tick(nowMs)
  }

  async close(): Promise<void> {
    for (const connection of this.#connections) connection.close()
    if (!this.#server.listening) return
    this.#server.close()
    await once(this.#server, 'close')
  }

  /** The same task again is its successor engine: the earlier one goes quietly. Another task takes the identity over. */
  #replaceEarlier(newcomer: FeedConnection): void {
    const identity = newcomer.identity
    if (identity === null) return
    for (const other of this.#connections) {
      if (other === newcomer || other.identity === null || userKey(other.identity.robot) !== userKey(identity.robot)) continue
      if (other.identity.taskId === identity.taskId) other.close()
      else other.replaced()
    }
  }
}
