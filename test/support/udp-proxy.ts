// A UDP proxy that loses and delays packets, put between a WebRTC peer and the rooms process.
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'

export interface UdpProxy {
  /** On 127.0.0.1, to be written into the peer's candidates. */
  readonly port: number
  /** Lost packets of all, 0 to 1, each way; may be changed at any time. */
  loss: number
  /** Each packet waits up to this long, at random, so that packets overtake each other. */
  jitterMs: number
  /** Says which of the peer's packets are lost for sure; by default none. */
  loses: (packet: Buffer) => boolean
  readonly forwarded: number
  readonly dropped: number
  close(): void
}

/** Forwards between whoever sends to it and `targetPort` on 127.0.0.1. `random` gives 0 to 1. */
export async function startUdpProxy(targetPort: number, random: () => number = Math.random): Promise<UdpProxy> {
  const front = createSocket('udp4')
  const backs = new Map<string, Socket>()
  let forwarded = 0
  let dropped = 0
  let isClosed = false
  const pass = (send: () => void): void => {
    if (random() < proxy.loss) {
      dropped += 1
      return
    }
    forwarded += 1
    const deliver = (): void => {
      if (!isClosed) send()
    }
    const waitMs = random() * proxy.jitterMs
    if (waitMs < 1) deliver()
    else setTimeout(deliver, waitMs)
  }
  front.on('message', (message, peer) => {
    if (proxy.loses(message)) {
      dropped += 1
      return
    }
    const key = `${peer.address}:${peer.port}`
    let back = backs.get(key)
    if (back === undefined) {
      back = createSocket('udp4')
      back.on('message', (answer) => pass(() => front.send(answer, peer.port, peer.address)))
      back.on('error', () => {})
      backs.set(key, back)
    }
    const socket = back
    pass(() => socket.send(message, targetPort, '127.0.0.1'))
  })
  front.bind(0, '127.0.0.1')
  await once(front, 'listening')
  const proxy: UdpProxy = {
    port: front.address().port,
    loss: 0,
    jitterMs: 0,
    loses: () => false,
    get forwarded() {
      return forwarded
    },
    get dropped() {
      return dropped
    },
    close() {
      if (isClosed) return
      isClosed = true
      front.close()
      for (const back of backs.values()) back.close()
    },
  }
  return proxy
}
