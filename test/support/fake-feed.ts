// A stand-in for the rooms process' feed socket: says what a test tells it to, and keeps what engines ask.
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { controlFrame, FrameReader, mediaHeader } from '../../src/feed/framing.ts'
import type { EngineMessage, RoomsMessage } from '../../src/feed/messages.ts'

export class FakeFeed {
  readonly address: string
  /** Every request so far, of all connections. */
  readonly requests: EngineMessage[] = []
  connections = 0
  readonly #directory = mkdtempSync(join(tmpdir(), 'feed-'))
  #server: Server | null = null
  #socket: Socket | null = null
  /** Called after `enter`. */
  entered: () => void = () => {}

  constructor() {
    this.address = join(this.#directory, 'feed.sock')
  }

  async listen(): Promise<void> {
    this.#server = createServer((socket) => {
      this.connections += 1
      this.#socket = socket
      const reader = new FrameReader({
        control: (message) => {
          this.requests.push(message as EngineMessage)
          if ((message as EngineMessage).type === 'enter') this.entered()
        },
        media: () => {},
      })
      socket.on('data', (chunk) => reader.push(chunk))
      socket.on('error', () => {})
    }).listen(this.address)
    await once(this.#server, 'listening')
  }

  say(...messages: RoomsMessage[]): void {
    for (const message of messages) this.#socket?.write(controlFrame(message))
  }

  media(trackId: number, packet: Buffer): void {
    this.#socket?.write(Buffer.concat([mediaHeader(trackId, packet.length), packet]))
  }

  raw(bytes: Buffer): void {
    this.#socket?.write(bytes)
  }

  /** The process dies: socket and listener go. */
  async die(): Promise<void> {
    const server = this.#server
    this.#server = null
    this.#socket?.destroy()
    this.#socket = null
    if (server !== null) await new Promise((resolve) => server.close(resolve))
  }

  async close(): Promise<void> {
    await this.die()
    rmSync(this.#directory, { recursive: true, force: true })
  }
}
