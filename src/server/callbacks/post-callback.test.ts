import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startCallbackReceiver, type CallbackReceiver } from '../../../test/support/callback-receiver.ts'
import { postCallback, type PostOptions } from './post-callback.ts'

let receiver: CallbackReceiver
beforeEach(async () => {
  receiver = await startCallbackReceiver()
})
afterEach(() => receiver.close())

const post = (over: Partial<PostOptions> = {}): Promise<string | null> =>
  postCallback({
    url: receiver.url,
    headers: { 'Content-Type': 'application/json', SdkAppId: '1', Sign: 'abc=' },
    body: '{"text":"ü"}',
    allowPrivateAddresses: true,
    signal: new AbortController().signal,
    timeoutMs: 300,
    ...over,
  })

test('200 is success; bytes and headers arrive as given', async () => {
  expect(await post()).toBeNull()
  expect(receiver.received).toMatchObject([
    { body: '{"text":"ü"}', headers: { 'content-type': 'application/json', 'content-length': '13', sdkappid: '1', sign: 'abc=' } },
  ])
})

test.each([201, 204, 400, 404, 500, 503])('%d is failure', async (status) => {
  receiver.answer = (response) => void response.writeHead(status).end()
  expect(await post()).toBe(`It answered ${status}.`)
})

test('a redirect is failure and is not followed', async () => {
  const target = await startCallbackReceiver()
  receiver.answer = (response) => void response.writeHead(307, { Location: target.url }).end()
  expect(await post()).toBe('It answered 307; redirects are not followed.')
  expect(target.received).toEqual([])
  await target.close()
})

test('a receiver that stalls fails after the time, and its late 200 changes nothing', async () => {
  let answerLate = (): void => {}
  receiver.answer = (response) => {
    answerLate = () => void response.end('{"code":0}')
  }
  const startedAt = performance.now()
  expect(await post()).toBe('It did not answer within 0.3 s.')
  expect(performance.now() - startedAt).toBeLessThan(2000)
  answerLate()
})

/** A server that lets the test write to its connections. */
async function rawServer(onRequest: (socket: Socket) => void): Promise<{ server: Server; url: string; closed: Promise<unknown> }> {
  const closed = Promise.withResolvers<unknown>()
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('close', closed.resolve)
    socket.once('data', () => onRequest(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, closed: closed.promise }
}

test('an endless answer is cut off', async () => {
  let written = 0
  const { server, url, closed } = await rawServer((socket) => {
    socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')
    const more = (): void => {
      while (!socket.destroyed && socket.write(`4000\r\n${'x'.repeat(0x4000)}\r\n`)) written += 0x4000
    }
    socket.on('drain', more)
    more()
  })
  expect(await post({ url, timeoutMs: 60_000 })).toBeNull()
  await closed
  expect(written).toBeLessThan(16 << 20)
  server.close()
})

test('an answer that dribbles is delivered at its head and hung up on in time', async () => {
  const { server, url, closed } = await rawServer((socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx')
  })
  expect(await post({ url })).toBeNull()
  await closed
  server.close()
})

test('a head that never ends is failure', async () => {
  const { server, url } = await rawServer((socket) => {
    socket.write('HTTP/1.1 200 OK\r\nX-Slow: ')
  })
  expect(await post({ url })).toBe('It did not answer within 0.3 s.')
  server.close()
})

test.each([
  ['a connection that is closed', (socket: Socket): void => void socket.destroy(), /^The connection failed \(ECONNRESET\)\.$/],
  ['what is not HTTP', (socket: Socket): void => void socket.end('SSH-2.0-x\r\n'), /^The connection failed \(HPE_\w+\)\.$/],
])('%s is failure', async (_, onRequest, reason) => {
  const { server, url } = await rawServer(onRequest)
  expect(await post({ url, timeoutMs: 5000 })).toMatch(reason)
  server.close()
})

test('private addresses are not told unless allowed, by number or by name', async () => {
  for (const host of ['127.0.0.1', 'localhost', '[::1]', '0.0.0.0', '169.254.169.254', '10.1.2.3', '2130706433'])
    expect([host, await post({ url: `http://${host}:${receiver.port}/`, allowPrivateAddresses: false, timeoutMs: 5000 })]).toEqual([
      host,
      'The address is not a public one.',
    ])
  expect(await post({ url: `https://127.0.0.1:${receiver.port}/`, allowPrivateAddresses: false })).toBe('The address is not a public one.')
  expect(receiver.received).toEqual([])
})

test('reasons hold nothing of the address', async () => {
  const reasons = await Promise.all(
    ['http://user:secret@127.0.0.1:1/secret?secret', 'ftp://secret/', 'secret', `https://127.0.0.1:${receiver.port}/secret`].map((url) =>
      post({ url }),
    ),
  )
  expect(reasons).toEqual([
    'The connection failed (ECONNREFUSED).',
    'The address is not an http or https one.',
    'The address is not an http or https one.',
    expect.stringMatching(/^The connection failed \(\w+\)\.$/),
  ])
})

test('a server that ends breaks the try off', async () => {
  receiver.answer = () => {}
  const end = new AbortController()
  const result = post({ signal: end.signal, timeoutMs: 60_000 })
  end.abort()
  expect(await result).toBe('The server ended during the try.')
})
