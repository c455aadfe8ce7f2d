// The older convention, temporary keys, rights and languages, through the whole gateway.
import { expect, test } from 'vitest'
import { testApplication } from '../../../test/support/fake-ports.ts'
import { gatewayUnderTest, nowSec, startBody, stopBody } from '../../../test/support/gateway-under-test.ts'
import type { V1Options } from '../../../test/support/v1-request.ts'

const ways: [string, Partial<V1Options>][] = [
  ['GET, HmacSHA1 named by nothing', { method: 'GET', signatureMethod: null }],
  ['GET, HmacSHA1', { method: 'GET', signatureMethod: 'HmacSHA1' }],
  ['GET, HmacSHA256', { method: 'GET' }],
  ['POST, HmacSHA1', { signatureMethod: 'HmacSHA1' }],
  ['POST, HmacSHA256', {}],
]

test.each(ways)('v1 %s: Start, Update and Stop', async (_what, options) => {
  const { callV1, tasks, lines } = gatewayUnderTest()
  const audio = { UnSubscribeAudioList: Array.from({ length: 11 }, (_, n) => ({ UserInfo: { UserId: `user_${n}` } })) }
  expect(await callV1('StartPublishCdnStream', startBody(), options)).toMatchObject({ TaskId: 'task-1' })
  const update = { ...stopBody(), SequenceNumber: 1, WithTranscoding: 1, AudioParams: audio }
  expect(await callV1('UpdatePublishCdnStream', update, options)).toMatchObject({ TaskId: 'task-1' })
  expect(tasks.held.get('task-1')?.spec.audio.block.map(({ userId }) => userId)).toEqual(Array.from({ length: 11 }, (_, n) => `user_${n}`))
  expect(await callV1('StopPublishCdnStream', stopBody(), options)).toMatchObject({ TaskId: 'task-1' })
  expect(lines.map(({ action, code }) => `${String(action)} ${String(code)}`)).toEqual([
    'StartPublishCdnStream ok',
    'UpdatePublishCdnStream ok',
    'StopPublishCdnStream ok',
  ])
})

test.each(ways)('v1 %s: text beyond ASCII, quotes and signs', async (_what, options) => {
  const RoomId = `房间 "a"&b=c+d%20`
  const { Error: error } = await gatewayUnderTest().callV1('StartPublishCdnStream', startBody({ RoomId }), options)
  expect(error).toMatchObject({ Code: 'InvalidParameter', Message: expect.stringContaining(`RoomId is ${JSON.stringify(RoomId)}`) })
})

test('v1: the endpoint may be signed without its port', async () => {
  const { callV1 } = gatewayUnderTest()
  const host = '127.0.0.1:8080'
  for (const endpoint of [host, '127.0.0.1']) {
    expect((await callV1('StopPublishCdnStream', stopBody(), { host, endpoint })).Error?.Code).toBe('ResourceNotFound')
  }
  const other = await callV1('StopPublishCdnStream', stopBody(), { host, endpoint: '127.0.0.1:9090' })
  expect(other.Error?.Code).toBe('AuthFailure.SignatureFailure')
})

test.each<[string, Partial<V1Options> & { action?: string }, string, RegExp?]>([
  ['no action', { common: { Action: null } }, 'MissingParameter', /^Action is missing/],
  ['no version', { common: { Version: null } }, 'MissingParameter', /^Version is missing/],
  ['no timestamp', { common: { Timestamp: null } }, 'MissingParameter', /^Timestamp is missing/],
  ['no nonce', { common: { Nonce: null } }, 'MissingParameter', /^Nonce is missing/],
  ['no key', { common: { SecretId: null } }, 'MissingParameter', /^SecretId is missing/],
  ['no signature', { forged: { Signature: null } }, 'MissingParameter', /Signature/],
  ['an empty signature', { forged: { Signature: '' } }, 'MissingParameter', /^Signature is missing/],
  ['a timestamp that is none', { common: { Timestamp: '1e9' } }, 'InvalidParameter', /^Timestamp is "1e9"; it must be Unix seconds/],
  ['a nonce of zero, which the SDK draws now and then', { common: { Nonce: '0' } }, 'ResourceNotFound'],
  ['a negative nonce', { common: { Nonce: '-1' } }, 'InvalidParameter', /^Nonce is "-1"; it must be an integer of at least 0/],
  ['a method that is none', { common: { SignatureMethod: 'HmacMD5' } }, 'InvalidParameter', /^SignatureMethod is "HmacMD5"/],
  ['a method like a member of objects', { common: { SignatureMethod: 'constructor' } }, 'InvalidParameter'],
  ['an unknown action', { action: 'StartMCUMixTranscode' }, 'InvalidAction', /StartMCUMixTranscode/],
  ['an unknown version', { common: { Version: '2017-03-12' } }, 'NoSuchVersion', /^Version is "2017-03-12"/],
  ['an unknown key', { secretId: 'OTHER' }, 'AuthFailure.SecretIdNotFound'],
  ['a wrong key', { secretKey: 'OTHER' }, 'AuthFailure.SignatureFailure'],
  ['a parameter changed on the way', { forged: { TaskId: 'task-2' } }, 'AuthFailure.SignatureFailure'],
  ['a parameter added on the way', { forged: { RecordKey: 'x' } }, 'AuthFailure.SignatureFailure'],
  ['a method changed on the way', { forged: { SignatureMethod: 'HmacSHA1' } }, 'AuthFailure.SignatureFailure'],
  ['a late clock', { timestampSec: nowSec - 301 }, 'AuthFailure.SignatureExpire'],
  ['an early clock', { timestampSec: nowSec + 301 }, 'AuthFailure.SignatureExpire'],
  ['a token that nobody gave', { common: { Token: 'TOKEN' } }, 'AuthFailure.TokenFailure'],
  ['a foreign region', { common: { Region: 'eu-frankfurt' } }, 'UnsupportedRegion', /^Region is "eu-frankfurt"/],
  ['a known region', { common: { Region: 'ap-guangzhou' } }, 'ResourceNotFound'],
  ['a region of text null', { common: { Region: 'null' } }, 'ResourceNotFound'],
  ['names below a common parameter', { common: { 'Action.Name': 'x' } }, 'UnknownParameter', /^Action /],
])('v1 with %s', async (_what, { action = 'StopPublishCdnStream', ...options }, code, message = /./) => {
  for (const method of ['GET', 'POST'] as const) {
    const { Error: error } = await gatewayUnderTest().callV1(action, stopBody(), { ...options, method })
    expect(error).toMatchObject({ Code: code, Message: expect.stringMatching(message) })
  }
})

test('v1 in a form that is not UTF-8', async () => {
  const body = Buffer.concat([Buffer.from('Signature=x&TaskId='), Buffer.from([0xff])])
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const { Error: error } = await gatewayUnderTest().answerTo(new Request('http://h/', { method: 'POST', headers, body }))
  expect(error).toEqual({ Code: 'InvalidParameter', Message: 'The request body is not a form in UTF-8.' })
})

test('a form of v3 needs no common parameters', async () => {
  const content = `SdkAppId=${testApplication.sdkAppId}&TaskId=none`
  const contentType = 'application/x-www-form-urlencoded'
  const { Error: error } = await gatewayUnderTest().call('StopPublishCdnStream', content, { contentType })
  expect(error?.Code).toBe('ResourceNotFound')
})

test('1 MB is the limit of v1, 10 MB of v3', async () => {
  const { call, callV1 } = gatewayUnderTest()
  const padded = (bytes: number) => ({ ...stopBody(), Foo: 'x'.repeat(bytes) })
  expect((await callV1('StopPublishCdnStream', padded(1_048_000))).Error?.Code).toBe('UnknownParameter')
  const { Error: error } = await callV1('StopPublishCdnStream', padded(1 << 20))
  expect(error).toEqual({ Code: 'RequestSizeLimitExceeded', Message: 'The body must have at most 1048576 bytes.' })
  expect((await call('StopPublishCdnStream', padded(1 << 20))).Error?.Code).toBe('UnknownParameter')
  expect((await call('StopPublishCdnStream', padded(10 << 20))).Error?.Code).toBe('RequestSizeLimitExceeded')
})

test.each<[string, { token: string | null; expiresAt?: number | null }, string | null, string]>([
  ['the right token', { token: 'TOKEN' }, 'TOKEN', 'ResourceNotFound'],
  ['a wrong token', { token: 'TOKEN' }, 'TOKEM', 'AuthFailure.TokenFailure'],
  ['a longer token', { token: 'TOKEN' }, 'TOKEN1', 'AuthFailure.TokenFailure'],
  ['no token', { token: 'TOKEN' }, null, 'AuthFailure.TokenFailure'],
  ['a lasting key and a token', { token: null }, 'TOKEN', 'AuthFailure.TokenFailure'],
  ['a lasting key and a token of text null', { token: null }, 'null', 'ResourceNotFound'],
  ['the last millisecond', { token: 'TOKEN', expiresAt: nowSec * 1000 + 1 }, 'TOKEN', 'ResourceNotFound'],
  ['an expired key', { token: 'TOKEN', expiresAt: nowSec * 1000 }, 'TOKEN', 'AuthFailure.TokenFailure'],
])('temporary keys: %s', async (_what, key, token, code) => {
  const { call, callV1, lines } = gatewayUnderTest({ key })
  expect((await call('StopPublishCdnStream', stopBody(), { headers: { 'X-TC-Token': token } })).Error?.Code).toBe(code)
  expect((await callV1('StopPublishCdnStream', stopBody(), { common: { Token: token } })).Error?.Code).toBe(code)
  expect(JSON.stringify(lines)).not.toMatch(/TOKE[NM]/)
})

test.each([
  ['StartPublishCdnStream', startBody()],
  ['UpdatePublishCdnStream', { ...stopBody(), SequenceNumber: 1, WithTranscoding: 1 }],
  ['StopPublishCdnStream', stopBody()],
])('%s with a key that has no right to the application', async (action, body) => {
  const { SdkAppId } = body
  const refused = await gatewayUnderTest({ key: { applications: [SdkAppId + 1] } }).call(action, body)
  expect(refused.Error).toEqual({
    Code: 'AuthFailure.UnauthorizedOperation',
    Message: `The key has no right to SdkAppId ${SdkAppId}.`,
  })
  const other = await gatewayUnderTest({ key: { applications: [SdkAppId + 1, SdkAppId] } }).call(action, body)
  expect(other.Error?.Code).not.toBe('AuthFailure.UnauthorizedOperation')
})

test('limits are counted per account, whatever its keys are', async () => {
  const counted: string[] = []
  const rateLimits = async (accountId: string, action: string) => void counted.push(`${accountId} ${action}`)
  const { call, callV1 } = gatewayUnderTest({ key: { accountId: 'acme' }, rateLimits })
  await call('StopPublishCdnStream', stopBody())
  await callV1('StartPublishCdnStream', startBody())
  await call('StopPublishCdnStream', stopBody(), { secretKey: 'WRONG' })
  expect(counted).toEqual(['acme StopPublishCdnStream', 'acme StartPublishCdnStream'])
})

test.each([
  ['zh-CN', '签名错误，请检查签名的计算过程。'],
  ['ZH-cn', '签名错误，请检查签名的计算过程。'],
  ['en-US', 'The provided credentials could not be validated. Please check your signature is correct.'],
  ['fr-FR', 'The provided credentials could not be validated. Please check your signature is correct.'],
])('the language %s', async (language, message) => {
  const { call, callV1 } = gatewayUnderTest()
  const wrong = { secretKey: 'WRONG' }
  const v3 = await call('StopPublishCdnStream', stopBody(), { ...wrong, headers: { 'X-TC-Language': language } })
  expect(v3.Error).toEqual({ Code: 'AuthFailure.SignatureFailure', Message: message })
  expect((await callV1('StopPublishCdnStream', stopBody(), { ...wrong, common: { Language: language } })).Error).toEqual(v3.Error)
})

test('in Chinese, what is wrong with a parameter stands behind a lead', async () => {
  const { call, answerTo } = gatewayUnderTest()
  const headers = { 'X-TC-Language': 'zh-CN' }
  const body = { ...stopBody(), SdkAppId: 0 }
  expect((await call('StopPublishCdnStream', body, { headers })).Error?.Message).toBe(
    '参数错误。 SdkAppId is 0; it must be an integer from 1 to 4294967295.',
  )
  expect((await answerTo(new Request('http://h/', { method: 'PUT', headers }))).Error?.Message).toMatch(/^HTTP\(S\) 请求协议错误/)
})
