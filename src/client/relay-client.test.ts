import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { expect, onTestFinished, test } from 'vitest'
import { parseTc3Authorization, verifyTc3 } from '../trtc/signature/verify-tc3.ts'
import { createRelayClient, RelayCallError } from './relay-client.ts'

const nowMs = 1795305600_000

/** A server that answers `response` and keeps what it was asked. */
async function listen(response: object, status: 200 | 502 = 200) {
  const seen: { headers: Headers; body: Uint8Array }[] = []
  const app = new Hono().post('/', async (c) => {
    seen.push({ headers: c.req.raw.headers, body: new Uint8Array(await c.req.arrayBuffer()) })
    return c.json({ Response: response }, status)
  })
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
  onTestFinished(() => void server.close())
  await new Promise((resolve) => server.once('listening', resolve))
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { seen, client: createRelayClient({ endpoint, secretId: 'ID', secretKey: 'KEY', region: 'ap-guangzhou', now: () => nowMs }) }
}

test('a call is signed as the server verifies it, and its answer comes back', async () => {
  const { seen, client } = await listen({ TaskId: 't', RequestId: 'r' })
  expect(await client.call('StopPublishCdnStream', { SdkAppId: 1, TaskId: 't' })).toEqual({ TaskId: 't', RequestId: 'r' })
  const [request] = seen
  if (request === undefined) throw new Error('Nothing was received.')
  const { headers, body } = request
  const header = (name: string) => headers.get(name) ?? undefined
  const authorization = parseTc3Authorization(header('authorization') ?? '')
  verifyTc3({ method: 'POST', query: '', header, body, timestampSec: nowMs / 1000 }, authorization, 'KEY', nowMs / 1000)
  expect([authorization.secretId, header('x-tc-action'), header('x-tc-region')]).toEqual(['ID', 'StopPublishCdnStream', 'ap-guangzhou'])
  expect(JSON.parse(Buffer.from(body).toString())).toEqual({ SdkAppId: 1, TaskId: 't' })
})

test('a refusal is an error with code and request id', async () => {
  const { client } = await listen({ Error: { Code: 'ResourceNotFound', Message: 'There is no task t.' }, RequestId: 'r' })
  const call = client.call('StopPublishCdnStream', { SdkAppId: 1, TaskId: 't' })
  await expect(call).rejects.toBeInstanceOf(RelayCallError)
  await expect(call).rejects.toMatchObject({ code: 'ResourceNotFound', requestId: 'r', message: 'ResourceNotFound: There is no task t.' })
})

test('a status other than 200 is said to be no API', async () => {
  const { client } = await listen({}, 502)
  await expect(client.call('StopPublishCdnStream', { SdkAppId: 1, TaskId: 't' })).rejects.toThrow('HTTP 502')
})
