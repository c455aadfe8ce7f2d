import { expect, test } from 'vitest'
import { v1Signature, v1StringToSign } from './v1.ts'
import { verifyV1, type V1Request } from './verify-v1.ts'

// The worked examples of spec section 1.4.
const atSec = 1795305600
const key = 'EXAMPLEKEY'
const parameters = (signatureMethod: string): [string, string][] =>
  Object.entries({
    WithTranscoding: '1',
    Action: 'UpdatePublishCdnStream',
    Version: '2019-07-22',
    Region: 'ap-guangzhou',
    Timestamp: String(atSec),
    Nonce: '32768',
    SecretId: 'AKIDEXAMPLE',
    SignatureMethod: signatureMethod,
    RequestClient: 'SDK_NODEJS_4.1.313',
    SdkAppId: '1400000001',
    TaskId: 'task-0001',
    SequenceNumber: '2',
    'PublishCdnParams.0.PublishCdnUrl': 'rtmp://live.example.com/live/s1?k=a b',
    'PublishCdnParams.0.IsTencentCdn': '0',
    Signature: 'not part of itself',
  })
const signed =
  'trtc.example.com/?Action=UpdatePublishCdnStream&Nonce=32768&PublishCdnParams.0.IsTencentCdn=0&PublishCdnParams.0.PublishCdnUrl=rtmp://live.example.com/live/s1?k=a b&Region=ap-guangzhou&RequestClient=SDK_NODEJS_4.1.313&SdkAppId=1400000001&SecretId=AKIDEXAMPLE&SequenceNumber=2&SignatureMethod=HmacSHA1&TaskId=task-0001&Timestamp=1795305600&Version=2019-07-22&WithTranscoding=1'

const get: V1Request = {
  method: 'GET',
  host: 'trtc.example.com',
  parameters: parameters('HmacSHA1'),
  timestampSec: atSec,
  signatureMethod: 'HmacSHA1',
  signature: '03VSCws9k6cO8SQCmS5S0rxcwck=',
}
const post: V1Request = {
  ...get,
  method: 'POST',
  parameters: parameters('HmacSHA256'),
  signatureMethod: 'HmacSHA256',
  signature: 'by5xGWbB2v+mNBMnQljx4+tw5aoafMeaSMsKWz3/sXs=',
}

test('the worked examples have their strings to sign and their signatures', () => {
  const endpoint = 'trtc.example.com'
  expect(v1StringToSign({ ...get, endpoint })).toBe(`GET${signed}`)
  expect(v1StringToSign({ ...post, endpoint })).toBe(`POST${signed.replace('HmacSHA1', 'HmacSHA256')}`)
  expect(v1Signature({ ...get, endpoint }, 'HmacSHA1', key)).toBe(get.signature)
  expect(v1Signature({ ...post, endpoint }, 'HmacSHA256', key)).toBe(post.signature)
  verifyV1(get, key, atSec)
  verifyV1(post, key, atSec)
})

test('names stand in ASCII order, capitals first and indexes as text', () => {
  const names = ['b', 'X.2.Y', 'B', 'X.10.Y', 'a']
  const input = { method: 'GET', endpoint: 'h', parameters: names.map((name) => [name, ''] as const) } as const
  expect(v1StringToSign(input)).toBe('GETh/?B=&X.10.Y=&X.2.Y=&a=&b=')
})

test('the endpoint is taken with and without its port', () => {
  verifyV1({ ...get, host: 'trtc.example.com:8080' }, key, atSec)
  const withPort = v1Signature({ ...get, endpoint: '127.0.0.1:8080' }, 'HmacSHA1', key)
  verifyV1({ ...get, host: '127.0.0.1:8080', signature: withPort }, key, atSec)
  expect(() => verifyV1({ ...get, host: '127.0.0.1:8081', signature: withPort }, key, atSec)).toThrow(/could not be validated/)
})

test('plus signs that arrive as spaces are read as plus signs', () => {
  verifyV1({ ...post, signature: post.signature.replaceAll('+', ' ') }, key, atSec)
})

test.each<[string, Partial<V1Request>, string?]>([
  ['another key', {}, 'OTHERKEY'],
  ['another method', { method: 'POST' }],
  ['another host', { host: 'evil.example.com' }],
  ['no host', { host: undefined }],
  ['another value', { parameters: get.parameters.map(([name, value]) => [name, name === 'TaskId' ? 'task-0002' : value] as const) }],
  ['a parameter more', { parameters: [...get.parameters, ['RecordKey', 'x']] }],
  ['another hash', { signatureMethod: 'HmacSHA256' }],
  ['half a signature', { signature: get.signature.slice(0, 14) }],
  ['an empty signature', { signature: '' }],
])('%s is a SignatureFailure', (_what, change, secretKey = key) => {
  expect(() => verifyV1({ ...get, ...change }, secretKey, atSec)).toThrow(expect.objectContaining({ code: 'AuthFailure.SignatureFailure' }))
})

test('a clock 300 s off is accepted, 301 s is not', () => {
  for (const sign of [1, -1]) {
    verifyV1(get, key, atSec + sign * 300)
    expect(() => verifyV1(get, key, atSec + sign * 301)).toThrow(
      expect.objectContaining({ code: 'AuthFailure.SignatureExpire', message: expect.stringMatching(/^Timestamp is 1795305600/) }),
    )
  }
})
