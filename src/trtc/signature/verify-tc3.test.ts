import { expect, test } from 'vitest'
import { tc3PayloadHash, tc3Signature } from './tc3.ts'
import { parseTc3Authorization, verifyTc3, type ReceivedRequest } from './verify-tc3.ts'

const key = 'EXAMPLEKEY'
const atSec = 1795305600
const body = Buffer.from(
  '{"SdkAppId":1400000001,"TaskId":"task-0001","SequenceNumber":2,"WithTranscoding":1,"PublishCdnParams":[{"PublishCdnUrl":"rtmp://live.example.com/live/s1?k=a b","IsTencentCdn":0}]}',
)
const query =
  'SdkAppId=1400000001&TaskId=task-0001&SequenceNumber=2&WithTranscoding=1&PublishCdnParams.0.PublishCdnUrl=rtmp%3A%2F%2Flive.example.com%2Flive%2Fs1%3Fk%3Da%20b&PublishCdnParams.0.IsTencentCdn=0'

const postSignature = 'e44e29ca9734d676b3679e9bc3848f026d3244ab5e38ea0327932f600dd2487e'
const unsignedSignature = '412fb7aad605cc01563626847c0b93c4f8f60073659403adf8088123dc304e90'
const getSignature = '83cfa360ad4404054e8555c77c1ab130d0a1815e41440b4b473cdb1e0b6504d1'

const authorization = (signature: string, { signedHeaders = 'content-type;host', date = '2026-11-22', service = 'trtc' } = {}) =>
  parseTc3Authorization(
    `TC3-HMAC-SHA256 Credential=AKIDEXAMPLE/${date}/${service}/tc3_request, SignedHeaders=${signedHeaders}, Signature=${signature}`,
  )

const post = (headers: Record<string, string> = {}, method: 'GET' | 'POST' = 'POST'): ReceivedRequest => {
  const all: Record<string, string | undefined> = { 'content-type': 'application/json', host: 'trtc.example.com', ...headers }
  return { method, query: method === 'GET' ? query : '', header: (name) => all[name], body, timestampSec: atSec }
}

const signatureOf = (headers: [string, string][], service = 'trtc') =>
  tc3Signature({ method: 'POST', query: '', headers, payloadHash: tc3PayloadHash('POST', body, false), timestampSec: atSec, service }, key)

test('the worked POST example verifies', () => {
  expect(body.length).toBe(179)
  verifyTc3(post(), authorization(postSignature), key, atSec)
})

test('the worked example with an unsigned payload verifies, whatever the body', () => {
  const request = { ...post({ 'x-tc-content-sha256': 'UNSIGNED-PAYLOAD' }), body: Buffer.from('other') }
  verifyTc3(request, authorization(unsignedSignature), key, atSec)
  expect(() => verifyTc3(post(), authorization(unsignedSignature), key, atSec)).toThrow(/could not be validated/)
})

test('the worked GET example verifies over the raw query', () => {
  verifyTc3(post({ 'content-type': 'application/x-www-form-urlencoded' }, 'GET'), authorization(getSignature), key, atSec)
})

test('a Host with port verifies when the client signed it without, and the other way round', () => {
  verifyTc3(post({ host: 'trtc.example.com:8080' }), authorization(postSignature), key, atSec)
  const signature = signatureOf([
    ['content-type', 'application/json'],
    ['host', '127.0.0.1:8080'],
  ])
  verifyTc3(post({ host: '127.0.0.1:8080' }), authorization(signature), key, atSec)
  expect(() => verifyTc3(post({ host: '127.0.0.1:8081' }), authorization(signature), key, atSec)).toThrow(/could not be validated/)
})

test.each(['127', 'localhost:8080'])('the service %s of the scope is taken as it stands', (service) => {
  const signature = signatureOf(
    [
      ['content-type', 'application/json'],
      ['host', 'trtc.example.com'],
    ],
    service,
  )
  verifyTc3(post(), authorization(signature, { service }), key, atSec)
})

test('a signed action is verified in lower case, other signed values also in lower case', () => {
  const signedHeaders = 'content-type;host;x-tc-action'
  const request = post({ 'x-tc-action': 'StopPublishCdnStream', 'content-type': 'application/json; charset=UTF-8' })
  for (const contentType of ['application/json; charset=UTF-8', 'application/json; charset=utf-8']) {
    const signature = signatureOf([
      ['content-type', contentType],
      ['host', 'trtc.example.com'],
      ['x-tc-action', 'stoppublishcdnstream'],
    ])
    verifyTc3(request, authorization(signature, { signedHeaders }), key, atSec)
  }
})

test.each([
  ['another key', post(), authorization(postSignature), 'OTHERKEY'],
  ['another body', { ...post(), body: Buffer.from('{}') }, authorization(postSignature), key],
  ['another host', post({ host: 'evil.example.com' }), authorization(postSignature), key],
  ['another timestamp', { ...post(), timestampSec: atSec + 1 }, authorization(postSignature), key],
  ['a scope of another day', post(), authorization(postSignature, { date: '2026-11-21' }), key],
  ['a signed header that was not sent', post(), authorization(postSignature, { signedHeaders: 'content-type;host;x-more' }), key],
])('%s is a SignatureFailure', (_what, request, given, secretKey) => {
  expect(() => verifyTc3(request, given, secretKey, atSec)).toThrow(expect.objectContaining({ code: 'AuthFailure.SignatureFailure' }))
})

test('a clock 300 s off is accepted, 301 s is not', () => {
  for (const sign of [1, -1]) {
    verifyTc3(post(), authorization(postSignature), key, atSec + sign * 300)
    expect(() => verifyTc3(post(), authorization(postSignature), key, atSec + sign * 301)).toThrow(
      expect.objectContaining({ code: 'AuthFailure.SignatureExpire' }),
    )
  }
})

test.each([
  'SKIP',
  'Bearer abc',
  'TC3-HMAC-SHA256 Credential=A/2026-11-22/trtc/tc3_request, SignedHeaders=content-type;host, Signature=abc',
  `TC3-HMAC-SHA256 Credential=A/2026-11-22/a/b/tc3_request, SignedHeaders=content-type;host, Signature=${postSignature}`,
  `TC3-HMAC-SHA256 Credential=A/2026-11-22/trtc/tc3_request, SignedHeaders=content-type, Signature=${postSignature}`,
])('%s is a malformed Authorization', (value) => {
  expect(() => parseTc3Authorization(value)).toThrow(expect.objectContaining({ code: 'AuthFailure.InvalidAuthorization' }))
})
