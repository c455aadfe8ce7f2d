// A minimal engine at the feed socket: enters a room as a robot, subscribes, and keeps what comes.
import { connect } from 'node:net'
import { once } from 'node:events'
import { controlFrame, FrameReader } from '../../src/feed/framing.ts'
import type { EngineMessage, RoomsMessage } from '../../src/feed/messages.ts'
import type { UserRef } from '../../src/mix/room.ts'

type MessageOf<Type extends RoomsMessage['type']> = Extract<RoomsMessage, { type: Type }>

export interface FeedClient {
  /** All control messages so far, in order. */
  readonly messages: readonly RoomsMessage[]
  /** Those of one type. */
  of<Type extends RoomsMessage['type']>(type: Type): MessageOf<Type>[]
  /** Gets every RTP packet as it comes. */
  onMedia: (trackId: number, packet: Buffer) => void
  readonly isClosed: boolean
  send(message: EngineMessage): void
  /** Stops reading, as a stalled engine does. */
  pause(): void
  resume(): void
  close(): void
}

/** Connects and sends `enter`; the answer is among the messages. */
export async function connectFeed(address: string, enter: { taskId: string; robot: UserRef; userSig: string }): Promise<FeedClient> {
  const socket = connect(address)
  await once(socket, 'connect')
  const messages: RoomsMessage[] = []
  let isClosed = false
  const client: FeedClient = {
    messages,
    of: <Type extends RoomsMessage['type']>(type: Type) => messages.filter((message): message is MessageOf<Type> => message.type === type),
    onMedia: () => {},
    get isClosed() {
      return isClosed
    },
    send: (message) => void socket.write(controlFrame(message)),
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    close: () => void socket.destroy(),
  }
  const reader = new FrameReader({
    control: (message) => void messages.push(message as RoomsMessage),
    media: (trackId, packet) => client.onMedia(trackId, packet),
  })
  socket.on('data', (chunk) => reader.push(chunk))
  socket.on('error', () => {})
  socket.on('close', () => (isClosed = true))
  client.send({ type: 'enter', ...enter })
  return client
}
