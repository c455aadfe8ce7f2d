// Requests damaged as bytes on a connection: the server ends every connection, answers nothing with 5xx, and lives on.
import { once } from 'node:events'
import { connect, type AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { signer, stopBody } from '../support/gateway-under-test.ts'
import { signedRequest } from '../support/signed-request.ts'
import { byteChanges, damaged } from './damaged-bytes.ts'
import { fuzzedGateway, seed } from './fuzzed-gateway.ts'
import { validCalls } from './valid-body.ts'
import { wireRequest, wires } from './wire-request.ts'

const { app } = fuzzedGateway()
const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1', serverOptions: { maxHeaderSize: 64 * 1024 } })
let port = 0

beforeAll(async () => {
  if (!server.listening) await once(server, 'listening')
  port = (server.address() as AddressInfo).port
})
afterAll(() => void server.close())

/** A request as HTTP/1.1 that asks for the connection's end. */
async function toBytes(request: Request): Promise<Uint8Array> {
  const { pathname, search } = new URL(request.url)
  const body = Buffer.from(await request.arrayBuffer())
  const headers = new Headers(request.headers)
  if (body.length > 0 && !headers.has('content-length')) headers.set('content-length', String(body.length))
  headers.set('connection', 'close')
  const lines = [`${request.method} ${pathname}${search} HTTP/1.1`, ...[...headers].map(([name, value]) => `${name}: ${value}`), '', '']
  return Buffer.concat([Buffer.from(lines.join('\r\n'), 'latin1'), body])
}

/** All that comes back until the connection ends, which this side has done with sending. */
function exchange(bytes: Uint8Array): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    const socket = connect({ port, host: '127.0.0.1' }, () => void socket.end(bytes))
    socket.on('data', (data) => (text += data.toString('latin1')))
    // A reset is an end too.
    socket.on('error', () => undefined)
    socket.once('close', () => resolve(text))
  })
}

test('1 500 requests whose bytes were damaged on the way', async () => {
  const statuses = new Map<string, number>()
  const property = fc.asyncProperty(validCalls, wires, byteChanges, async ({ action, body }, wire, changes) => {
    const answer = await exchange(damaged(await toBytes(await wireRequest(action, body, wire)), changes))
    const status = /^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1] ?? 'none'
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
    expect(status).toMatch(/^(none|[234]\d\d)$/)
    expect(answer).not.toContain('InternalError')
  })
  await fc.assert(property, { numRuns: 1500, seed, timeout: 5000 })
  expect(statuses.get('200')).toBeGreaterThan(100)
  expect(statuses.get('400')).toBeGreaterThan(100)
  const sound = signedRequest('StopPublishCdnStream', { ...signer, content: JSON.stringify(stopBody()) })
  expect(await exchange(await toBytes(sound))).toMatch(/^HTTP\/1\.1 200 [^]*ResourceNotFound/)
})
