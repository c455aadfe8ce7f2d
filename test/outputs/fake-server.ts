// A scripted RTMP server for what real ones do rarely: refuse, fall silent, stop reading, hang up.
import { once } from 'node:events'
import net from 'node:net'
import { decodeAmf0, encodeAmf0, type Amf0Value } from '../../src/engine/outputs/amf0.ts'
import { ChunkReader } from '../../src/engine/outputs/rtmp/chunk-reader.ts'
import { writeMessage } from '../../src/engine/outputs/rtmp/chunk-writer.ts'
import { messageType, type RtmpMessage } from '../../src/engine/outputs/rtmp/message.ts'

export type FakeBehaviour =
  /** Takes the stream. */
  | 'accept'
  /** Accepts the connection and never says a word. */
  | 'black hole'
  /** Shakes hands, then falls silent. */
  | 'mute after handshake'
  /** Refuses at `publish`. */
  | 'reject publish'
  /** Refuses at `connect`. */
  | 'reject connect'
  /** Takes the stream, then stops reading it. */
  | 'stall'
  /** Takes the stream, resets the connection with the first media. */
  | 'reset'
  /** Answers in HTTP. */
  | 'not rtmp'

export interface FakeServer {
  readonly url: string
  readonly port: number
  behaviour: FakeBehaviour
  /** Commands received, with their arguments. */
  readonly commands: Amf0Value[][]
  /** Everything else received. */
  readonly messages: RtmpMessage[]
  readonly connections: number
  /** Sends raw bytes to every connection. */
  send(bytes: Buffer): void
  /** Reads on after a stall. */
  resume(): void
  close(): Promise<void>
}

export async function startFakeServer(behaviour: FakeBehaviour, port = 0): Promise<FakeServer> {
  const sockets = new Set<net.Socket>()
  const commands: Amf0Value[][] = []
  const messages: RtmpMessage[] = []
  let connections = 0
  const server = net.createServer((socket) => {
    connections += 1
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    serve(socket, () => fake.behaviour, commands, messages)
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address() as net.AddressInfo
  const fake: FakeServer = {
    url: `rtmp://127.0.0.1:${address.port}/live/secretKey`,
    port: address.port,
    behaviour,
    commands,
    messages,
    get connections() {
      return connections
    },
    send: (bytes) => sockets.forEach((socket) => socket.write(bytes)),
    resume() {
      fake.behaviour = 'accept'
      sockets.forEach((socket) => socket.resume())
    },
    async close() {
      sockets.forEach((socket) => socket.resetAndDestroy())
      if (!server.listening) return
      server.close()
      await once(server, 'close')
    },
  }
  return fake
}

function serve(socket: net.Socket, behaviour: () => FakeBehaviour, commands: Amf0Value[][], messages: RtmpMessage[]): void {
  const reader = new ChunkReader()
  let hello: Buffer | null = Buffer.alloc(0)
  socket.on('data', (received) => {
    let data: Buffer = received
    if (behaviour() === 'black hole') return
    if (behaviour() === 'not rtmp') {
      socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')
      return
    }
    if (hello !== null) {
      const had = hello.length
      hello = Buffer.concat([hello, data])
      if (had < 1537 && hello.length >= 1537) socket.write(Buffer.concat([Buffer.of(3), Buffer.alloc(1536, 1), hello.subarray(1, 1537)]))
      if (hello.length < 1537 + 1536) return
      data = hello.subarray(1537 + 1536)
      hello = null
    }
    if (behaviour() === 'mute after handshake') return
    for (const message of reader.push(data)) {
      if (message.type === messageType.command) {
        const values = decodeAmf0(message.body)
        commands.push(values)
        answer(socket, behaviour(), values)
        continue
      }
      messages.push(message)
      if (message.type !== messageType.video && message.type !== messageType.audio) continue
      if (behaviour() === 'stall') socket.pause()
      if (behaviour() === 'reset') socket.resetAndDestroy()
    }
  })
}

function answer(socket: net.Socket, behaviour: FakeBehaviour, [name, id]: readonly Amf0Value[]): void {
  const say = (...values: Amf0Value[]): void => {
    socket.write(writeMessage(3, { type: messageType.command, streamId: 0, timestampMs: 0, body: encodeAmf0(...values) }, 128))
  }
  if (name === 'connect' && behaviour === 'reject connect') {
    say('_error', id, null, { level: 'error', code: 'NetConnection.Connect.Rejected', description: 'No such application.' })
  } else if (name === 'connect') {
    say('_result', id, { fmsVer: 'fake' }, { level: 'status', code: 'NetConnection.Connect.Success' })
  } else if (name === 'createStream') {
    say('_result', id, null, 5)
  } else if (name === 'publish' && behaviour === 'reject publish') {
    say('onStatus', 0, null, { level: 'error', code: 'NetStream.Publish.BadName', description: 'Wrong key secretKey.' })
  } else if (name === 'publish') {
    say('onStatus', 0, null, { level: 'status', code: 'NetStream.Publish.Start', description: 'Go.' })
  }
}
