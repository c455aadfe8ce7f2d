// Both official Node SDKs, in every way they can sign and send.
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { changeAt } from '../support/change-at.ts'
import { openApiUnderTest, type ApiUnderTest } from './api-under-test.ts'
import { createIntlSdkClient } from './intl-sdk.ts'
import { refusal } from './refusal.ts'
import { runnableExample } from './runnable-example.ts'
import { createSdkClient, type SdkOptions } from './vendor-sdk.ts'

let api: ApiUnderTest
beforeAll(async () => void (api = await openApiUnderTest()))
afterAll(() => api.close())

const sdks = { mainland: createSdkClient, international: createIntlSdkClient }
const methods = ['TC3-HMAC-SHA256', 'HmacSHA256', 'HmacSHA1'] as const
const ways = Object.keys(sdks).flatMap((sdk) =>
  methods.flatMap((signMethod) =>
    (['POST', 'GET'] as const).map((reqMethod) => ({ sdk: sdk as keyof typeof sdks, signMethod, reqMethod })),
  ),
)

describe.each([...ways, { sdk: 'international' as const, signMethod: undefined, reqMethod: undefined }])(
  '$sdk SDK, $signMethod, $reqMethod',
  ({ sdk, signMethod, reqMethod }) => {
    const client = (options: SdkOptions = {}) =>
      sdks[sdk](api, { ...(signMethod && { signMethod }), ...(reqMethod && { reqMethod }), ...options })
    const stop = { SdkAppId: 1400188366, TaskId: 'none' }

    test.each([1, 2])('example %i is started, updated and stopped', async (number) => {
      const { TaskId } = await client().StartPublishCdnStream(runnableExample(api, number))
      const SdkAppId = api.sdkAppId
      const heard = Array.from({ length: 11 }, (_, n) => ({ UserInfo: { UserId: `user_${n}` }, SoundLevel: n }))
      const update = { SdkAppId, TaskId, SequenceNumber: 1, WithTranscoding: 1, AudioParams: { SubscribeAudioList: heard } }
      expect(await client().UpdatePublishCdnStream(update)).toMatchObject({ TaskId })
      expect(await refusal(client().UpdatePublishCdnStream(update))).toMatchObject({ code: 'InvalidParameter' })
      expect(await client().StopPublishCdnStream({ SdkAppId, TaskId })).toMatchObject({ TaskId })
      expect(await refusal(client().StopPublishCdnStream({ SdkAppId, TaskId }))).toMatchObject({ code: 'ResourceNotFound' })
    })

    test('text beyond ASCII, quotes and signs', async () => {
      const RoomId = `房间 "it's" a+b=c&d%20`
      const error = await refusal(client().StartPublishCdnStream(changeAt(runnableExample(api, 2), 'RoomId', RoomId)))
      expect(error).toMatchObject({ code: 'InvalidParameter', message: expect.stringContaining(`RoomId is ${JSON.stringify(RoomId)}`) })
    })

    test('an unknown parameter and an unknown action, by the generic call', async () => {
      expect(await refusal(client().request('StopPublishCdnStream', { ...stop, Foo: { Bar: 1 } }))).toMatchObject({
        code: 'UnknownParameter',
      })
      expect(await refusal(client().request('StartMCUMixTranscode', {}))).toMatchObject({ code: 'InvalidAction' })
    })

    test.each([
      ['no region', { region: '' }, 'ResourceNotFound'],
      ['an unknown region', { region: 'eu-frankfurt' }, 'UnsupportedRegion'],
      ['a wrong key', { secretKey: 'wrong' }, 'AuthFailure.SignatureFailure'],
      ['an unknown key', { secretId: 'unknown' }, 'AuthFailure.SecretIdNotFound'],
      ['a token that nobody gave', { token: 'token' }, 'AuthFailure.TokenFailure'],
    ] as const)('%s', async (_what, options, code) => {
      expect(await refusal(client(options).StopPublishCdnStream(stop))).toMatchObject({ code })
    })

    test('a temporary key with its token and without', async ({ skip }) => {
      const { temporaryKey } = api
      skip(temporaryKey === null, 'the running server has no temporary key that is known here')
      if (temporaryKey === null) return
      const { token: _token, ...key } = temporaryKey
      expect(await refusal(client(temporaryKey).StopPublishCdnStream(stop))).toMatchObject({ code: 'ResourceNotFound' })
      expect(await refusal(client(key).StopPublishCdnStream(stop))).toMatchObject({ code: 'AuthFailure.TokenFailure' })
    })

    test.each([-600_000, 600_000])('a clock that is %i ms off', async (offMs) => {
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + offMs })
      const error = await refusal(client().StopPublishCdnStream(stop)).finally(() => vi.useRealTimers())
      expect(error).toMatchObject({ code: 'AuthFailure.SignatureExpire', message: expect.stringContaining('Timestamp is ') })
    })
  },
)
