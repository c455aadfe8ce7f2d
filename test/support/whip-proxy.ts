// HTTP in front of WHIP that leads the media through a UDP proxy: the only way between participant and rooms.
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startUdpProxy, type UdpProxy } from './udp-proxy.ts'

export interface WhipProxy {
  readonly udp: UdpProxy
  /** The same WHIP address, behind the proxy. */
  through(whipUrl: string): string
  /** From now on nothing gets through, either way, neither signalling nor media: the participant is gone without a word. */
  silence(): void
  close(): void
}

/** @param rtcPort UDP port of the server's media on 127.0.0.1 */
export async function startWhipProxy(serverUrl: string, rtcPort: number): Promise<WhipProxy> {
  const udp = await startUdpProxy(rtcPort)
  const relay = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body: Buffer[] = []
    for await (const chunk of request) body.push(chunk as Buffer)
    // Without candidates of the participant the server answers only where packets come from.
    const offer = Buffer.concat(body)
      .toString()
      .replace(/^a=candidate:.*\r\n/gm, '')
    const { authorization = '', 'content-type': type } = request.headers
    const answer = await fetch(new URL(request.url ?? '/', serverUrl), {
      method: request.method ?? 'POST',
      headers: { authorization, ...(type === undefined ? {} : { 'content-type': type }) },
      ...(offer === '' ? {} : { body: offer }),
    })
    const location = answer.headers.get('location')
    response.writeHead(answer.status, {
      'content-type': answer.headers.get('content-type') ?? 'text/plain',
      ...(location === null ? {} : { location }),
    })
    response.end((await answer.text()).replace(/^(a=candidate:\S+ 1 UDP \d+) \S+ \d+/gim, `$1 127.0.0.1 ${udp.port}`))
  }
  const server = createServer((request, response) => {
    relay(request, response).catch(() => response.writeHead(502).end())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const stopSignalling = (): void => {
    server.close()
    server.closeAllConnections()
  }
  return {
    udp,
    through: (whipUrl) => `http://127.0.0.1:${port}${new URL(whipUrl).pathname}`,
    silence() {
      stopSignalling()
      udp.loss = 1
    },
    close() {
      stopSignalling()
      udp.close()
    },
  }
}
