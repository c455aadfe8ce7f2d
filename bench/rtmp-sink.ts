// An RTMP server that takes whatever is published and says at once when each picture or sound arrived.
import { once } from 'node:events'
import net from 'node:net'
import { decodeAmf0, encodeAmf0, type Amf0Value } from '../src/engine/outputs/amf0.ts'
import { ChunkReader } from '../src/engine/outputs/rtmp/chunk-reader.ts'
import { writeMessage } from '../src/engine/outputs/rtmp/chunk-writer.ts'
import { messageType } from '../src/engine/outputs/rtmp/message.ts'

const helloBytes = 1537
const greetingBytes = helloBytes + 1536

export interface Arrival {
  readonly kind: 'video' | 'audio'
  /** Body of the FLV tag; a decoder's configuration when its second byte is 0. */
  readonly body: Buffer
  readonly timestampMs: number
  /** `performance.now()` when its last byte was read. */
  readonly at: number
}

export class RtmpSink {
  onArrival: (arrival: Arrival) => void = () => {}
  readonly #sockets = new Set<net.Socket>()
  readonly #server = net.createServer((socket) => this.#serve(socket))

  static async listen(): Promise<RtmpSink> {
    const sink = new RtmpSink()
    sink.#server.listen(0, '127.0.0.1')
    await once(sink.#server, 'listening')
    return sink
  }

  get url(): string {
    const { port } = this.#server.address() as net.AddressInfo
    return `rtmp://127.0.0.1:${port}/live/bench`
  }

  /** Resolves with the next picture or sound, configurations left out. */
  nextMedia(): Promise<Arrival> {
    return new Promise((resolve) => {
      this.onArrival = (arrival) => {
        if (!isMedia(arrival)) return
        this.onArrival = () => {}
        resolve(arrival)
      }
    })
  }

  async close(): Promise<void> {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
    await once(this.#server, 'close')
  }

  #serve(socket: net.Socket): void {
    this.#sockets.add(socket)
    socket.on('error', () => {}).on('close', () => this.#sockets.delete(socket))
    const reader = new ChunkReader()
    let greeting: Buffer | null = Buffer.alloc(0)
    socket.on('data', (received: Buffer) => {
      const at = performance.now()
      let data = received
      if (greeting !== null) {
        const had = greeting.length
        greeting = Buffer.concat([greeting, data])
        if (had < helloBytes && greeting.length >= helloBytes)
          socket.write(Buffer.concat([Buffer.of(3), Buffer.alloc(1536, 1), greeting.subarray(1, helloBytes)]))
        if (greeting.length < greetingBytes) return
        data = greeting.subarray(greetingBytes)
        greeting = null
      }
      for (const { type, body, timestampMs } of reader.push(data)) {
        if (type === messageType.command) answer(socket, decodeAmf0(body))
        else if (type === messageType.video || type === messageType.audio)
          this.onArrival({ kind: type === messageType.video ? 'video' : 'audio', body, timestampMs, at })
      }
    })
  }
}

export const isMedia = ({ body }: Arrival): boolean => body[1] === 1

function answer(socket: net.Socket, [name, id]: readonly Amf0Value[]): void {
  const say = (...values: Amf0Value[]): void => {
    socket.write(writeMessage(3, { type: messageType.command, streamId: 0, timestampMs: 0, body: encodeAmf0(...values) }, 128))
  }
  if (name === 'connect') say('_result', id, {}, { level: 'status', code: 'NetConnection.Connect.Success' })
  else if (name === 'createStream') say('_result', id, null, 1)
  else if (name === 'publish') say('onStatus', 0, null, { level: 'status', code: 'NetStream.Publish.Start' })
}
