// An HTTP server that receives callbacks, and behaves as badly as a test wants.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export interface ReceivedCallback {
  readonly headers: IncomingMessage['headers']
  /** As it came. */
  readonly body: string
  readonly receivedAt: number
}

export interface CallbackReceiver {
  readonly port: number
  readonly url: string
  readonly received: ReceivedCallback[]
  /** How requests are answered from now on. */
  answer: (response: ServerResponse, request: IncomingMessage) => void
  close(): Promise<void>
}

export const answerOk = (response: ServerResponse): void => {
  response.end('{"code":0}')
}

export async function startCallbackReceiver(): Promise<CallbackReceiver> {
  const received: ReceivedCallback[] = []
  const server = createServer((request, response) => {
    void text(request).then(
      (body) => {
        received.push({ headers: request.headers, body, receivedAt: Date.now() })
        receiver.answer(response, request)
      },
      () => response.destroy(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const receiver: CallbackReceiver = {
    port,
    url: `http://127.0.0.1:${port}/callback`,
    received,
    answer: answerOk,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return receiver
}
