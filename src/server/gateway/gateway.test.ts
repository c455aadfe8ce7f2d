import { request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { expect, onTestFinished, test } from 'vitest'
import { testApplication } from '../../../test/support/fake-ports.ts'
import { FakeTasks } from '../../../test/support/fake-tasks.ts'
import { gatewayUnderTest, nowSec, signer, startBody, stopBody, userSig, type Answer } from '../../../test/support/gateway-under-test.ts'
import { signedRequest, type SigningOptions } from '../../../test/support/signed-request.ts'

const application = testApplication

test('start, update and stop of a task', async () => {
  const { call, tasks } = gatewayUnderTest()
  expect(await call('StartPublishCdnStream', startBody())).toMatchObject({ TaskId: 'task-1' })
  const update = {
    ...stopBody(),
    SequenceNumber: 1,
    WithTranscoding: 1,
    AudioParams: { UnSubscribeAudioList: [{ UserInfo: { UserId: 'a' } }] },
  }
  expect(await call('UpdatePublishCdnStream', update)).toMatchObject({ TaskId: 'task-1' })
  expect(tasks.held.get('task-1')?.spec.audio.block.map((user) => user.userId)).toEqual(['a'])
  expect(await call('StopPublishCdnStream', stopBody())).toMatchObject({ TaskId: 'task-1' })
  expect(tasks.held.get('task-1')?.ended).toBe(true)
})

test('errors of tasks have their codes', async () => {
  const { call } = gatewayUnderTest({ tasks: new FakeTasks(1) })
  await call('StartPublishCdnStream', startBody())
  expect((await call('StartPublishCdnStream', startBody())).Error?.Code).toBe('FailedOperation.RestrictedConcurrency')
  const update = { ...stopBody(), SequenceNumber: 5, WithTranscoding: 1 }
  await call('UpdatePublishCdnStream', update)
  const stale = await call('UpdatePublishCdnStream', update)
  expect(stale.Error).toMatchObject({ Code: 'InvalidParameter', Message: expect.stringContaining('SequenceNumber is 5') })
  expect((await call('StopPublishCdnStream', stopBody('other'))).Error?.Code).toBe('ResourceNotFound')
})

test('a refused Update leaves the spec and its sequence number', async () => {
  const { call, tasks } = gatewayUnderTest()
  await call('StartPublishCdnStream', startBody())
  const before = tasks.held.get('task-1')?.spec
  const refused = await call('UpdatePublishCdnStream', { ...stopBody(), SequenceNumber: 9, WithTranscoding: 0 })
  expect(refused.Error?.Code).toBe('UnsupportedOperation')
  expect(tasks.held.get('task-1')).toEqual({ spec: before, sequenceNumber: -1, ended: false })
})

test.each([
  ['another user', userSig('someone')],
  ['an expired one', userSig('mix_295066', -1)],
  ['no UserSig at all', 'x'],
])('AgentParams.UserSig of %s is refused', async (_what, UserSig) => {
  const { call } = gatewayUnderTest()
  const { Error: error } = await call('StartPublishCdnStream', startBody({ AgentParams: { UserId: 'mix_295066', UserSig } }))
  expect(error).toMatchObject({ Code: 'InvalidParameter', Message: expect.stringMatching(/^AgentParams\.UserSig /) })
})

test.each([
  ['StartPublishCdnStream', startBody({ SdkAppId: 7 })],
  ['UpdatePublishCdnStream', { SdkAppId: 7, TaskId: 't', SequenceNumber: 1, WithTranscoding: 1 }],
  ['StopPublishCdnStream', { SdkAppId: 7, TaskId: 't' }],
])('%s of an unknown application', async (action, body) => {
  expect((await gatewayUnderTest().call(action, body)).Error?.Code).toBe('InvalidParameter.SdkAppId')
})

test.each<[string, Partial<SigningOptions> & { action?: string }, string, RegExp?]>([
  ['no authentication', { headers: { Authorization: null } }, 'MissingParameter', /Authorization/],
  ['no action', { headers: { 'X-TC-Action': null } }, 'MissingParameter', /X-TC-Action/],
  ['no version', { headers: { 'X-TC-Version': null } }, 'MissingParameter', /X-TC-Version/],
  ['no timestamp', { headers: { 'X-TC-Timestamp': null } }, 'MissingParameter', /X-TC-Timestamp/],
  ['a timestamp that is none', { headers: { 'X-TC-Timestamp': 'now' } }, 'InvalidParameter', /X-TC-Timestamp is "now"/],
  ['an unsigned request', { headers: { Authorization: 'SKIP' } }, 'AuthFailure.InvalidAuthorization'],
  ['an unknown action', { action: 'StartMCUMixTranscode' }, 'InvalidAction', /StartMCUMixTranscode/],
  ['an action named like a member of objects', { action: 'constructor' }, 'InvalidAction'],
  ['an unknown version', { headers: { 'X-TC-Version': '2017-03-12' } }, 'NoSuchVersion'],
  ['an unknown key', { secretId: 'OTHER' }, 'AuthFailure.SecretIdNotFound'],
  ['a wrong key', { secretKey: 'OTHER' }, 'AuthFailure.SignatureFailure'],
  ['a late clock', { timestampSec: nowSec - 301 }, 'AuthFailure.SignatureExpire'],
  ['an early clock', { timestampSec: nowSec + 301 }, 'AuthFailure.SignatureExpire'],
  ['a token', { headers: { 'X-TC-Token': 'TOKEN' } }, 'AuthFailure.TokenFailure'],
  ['a foreign region', { headers: { 'X-TC-Region': 'eu-frankfurt' } }, 'UnsupportedRegion', /eu-frankfurt/],
  ['a known region', { headers: { 'X-TC-Region': 'ap-guangzhou' } }, 'ResourceNotFound'],
  ['a region of text null', { headers: { 'X-TC-Region': 'null' } }, 'ResourceNotFound'],
  ['a multipart body', { headers: { 'Content-Type': 'multipart/form-data; boundary=x' } }, 'InvalidRequest'],
  ['a body that is no JSON', { content: '{"UserSig":"SECRETSIG' }, 'InvalidParameter', /not valid JSON/],
  ['a body that is no object', { content: '[]' }, 'InvalidParameter', /The request body is an array of 0; it must be an object/],
  ['an empty body', { content: '' }, 'MissingParameter', /SdkAppId/],
])('%s', async (_what, { action = 'StopPublishCdnStream', ...options }, code, message = /./) => {
  const { call, lines } = gatewayUnderTest()
  const { Error: error } = await call(action, stopBody(), options)
  expect(error).toMatchObject({ Code: code, Message: expect.stringMatching(message) })
  expect(lines.at(-1)).toMatchObject({ code })
  expect(JSON.stringify(lines)).not.toContain('SECRETSIG')
})

test.each(['PUT', 'DELETE', 'OPTIONS', 'PATCH'])('%s is an unsupported protocol', async (method) => {
  const answer = await gatewayUnderTest().app.request('/', { method })
  expect(answer.status).toBe(200)
  expect(await answer.json()).toMatchObject({ Response: { Error: { Code: 'UnsupportedProtocol' } } })
})

test('a GET carries flattened parameters', async () => {
  const { call } = gatewayUnderTest()
  await call('StartPublishCdnStream', startBody())
  const content = `SdkAppId=${application.sdkAppId}&TaskId=task-1`
  expect(await call('StopPublishCdnStream', content, { method: 'GET' })).toMatchObject({ TaskId: 'task-1' })
})

test('the trace id comes back, and the log names request, action, code and client but no secret', async () => {
  const { app, lines } = gatewayUnderTest()
  const headers = { 'X-TC-TraceId': 'trace-7', 'X-TC-RequestClient': 'SDK_NODEJS_4.1.313' }
  const content = JSON.stringify(startBody({ AgentParams: { UserId: 'mix_295066', UserSig: 'SECRETSIG' } }))
  const answer = await app.request(signedRequest('StartPublishCdnStream', { ...signer, content, headers }))
  expect(answer.headers.get('X-TC-TraceId')).toBe('trace-7')
  const { Response: response } = (await answer.json()) as { Response: Answer }
  expect(lines).toEqual([
    expect.objectContaining({
      requestId: response.RequestId,
      action: 'StartPublishCdnStream',
      code: 'InvalidParameter',
      client: 'SDK_NODEJS_4.1.313',
      ms: 0,
    }),
  ])
  expect(JSON.stringify(lines)).not.toMatch(/SECRETSIG|STREAMKEY|EXAMPLEKEY|APPKEY/)
})

test('a fault of ours is an InternalError whose cause only the log knows', async () => {
  const tasks = new FakeTasks()
  tasks.stop = () => Promise.reject(new Error('disk on fire'))
  const { call, lines } = gatewayUnderTest({ tasks })
  const { Error: error, RequestId } = await call('StopPublishCdnStream', stopBody())
  expect(error?.Code).toBe('InternalError')
  expect(error?.Message).not.toContain('disk')
  expect(lines[0]).toMatchObject({ requestId: RequestId, err: { message: 'disk on fire', stack: expect.stringContaining('gateway.test') } })
})

test('parameters without effect are warned of in the log', async () => {
  const { call, lines } = gatewayUnderTest()
  const video = {
    VideoEncode: { Width: 640, Height: 360, Fps: 15, BitRate: 500, Gop: 2 },
    LayoutParams: { MixLayoutMode: 3 },
    BackgroundImageUrl: 'https://a.example.com/a$.png',
  }
  await call('StartPublishCdnStream', startBody({ VideoParams: video }))
  expect(lines[0]).toMatchObject({ taskId: 'task-1', warnings: [expect.stringMatching(/^VideoParams\.BackgroundImageUrl has no effect/)] })
})

test('the twenty-first call of an action within a second is refused, other actions are not', async () => {
  const { call } = gatewayUnderTest()
  const codes = await Promise.all(Array.from({ length: 21 }, async () => (await call('StopPublishCdnStream', stopBody())).Error?.Code))
  expect(codes.filter((code) => code === 'RequestLimitExceeded')).toHaveLength(1)
  expect((await call('StartPublishCdnStream', startBody())).TaskId).toBe('task-1')
})

test('over HTTP: a body beyond 10 MB and a query beyond 32 KB are refused, the raw query is what is verified', async () => {
  const { app } = gatewayUnderTest()
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1', serverOptions: { maxHeaderSize: 64 * 1024 } })
  onTestFinished(() => void server.close())
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo

  const send = (method: string, path: string, headers: Record<string, string>, chunks: readonly Buffer[]) =>
    new Promise<string>((resolve, reject) => {
      const request = httpRequest({ host: '127.0.0.1', port, method, path, headers, agent: false }, (response) => {
        let text = ''
        response.on('data', (data: Buffer) => (text += data.toString())).on('end', () => resolve(text))
      })
      request.on('error', reject)
      for (const chunk of chunks) request.write(chunk)
      request.end()
    })
  const megabyte = Buffer.alloc(1024 * 1024, 0x20)

  const chunked = await send('POST', '/', { 'content-type': 'application/json' }, Array<Buffer>(11).fill(megabyte))
  expect(chunked).toContain('RequestSizeLimitExceeded')
  expect(await send('GET', `/?a=${'x'.repeat(33 * 1024)}`, {}, [])).toContain('RequestSizeLimitExceeded')

  // A URL parser would escape the quotes, which not every client does.
  const query = `SdkAppId=${application.sdkAppId}&TaskId="task"`
  const { headers } = signedRequest('StopPublishCdnStream', { ...signer, method: 'GET', content: query })
  expect(await send('GET', `/?${query}`, Object.fromEntries(headers), [])).toContain('ResourceNotFound')
})
