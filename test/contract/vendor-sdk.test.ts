import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { changeAt } from '../support/change-at.ts'
import { openApiUnderTest, type ApiUnderTest } from './api-under-test.ts'
import { refusal } from './refusal.ts'
import { runnableExample } from './runnable-example.ts'
import { createSdkClient, type SdkClient } from './vendor-sdk.ts'

let api: ApiUnderTest
let client: SdkClient
const begun: string[] = []

beforeAll(async () => {
  api = await openApiUnderTest()
  client = createSdkClient(api)
})

afterAll(async () => {
  for (const TaskId of begun) await client.StopPublishCdnStream({ SdkAppId: api.sdkAppId, TaskId }).catch(() => undefined)
  await api.close()
})

afterEach(() => void vi.useRealTimers())

async function started(number: number, by = client): Promise<string> {
  const { TaskId } = await by.StartPublishCdnStream(runnableExample(api, number))
  begun.push(TaskId)
  return TaskId
}

test.each([1, 2])('example %i is started, updated and stopped', async (number) => {
  const TaskId = await started(number)
  expect(TaskId).toMatch(/^[A-Za-z0-9._-]{1,128}$/)
  const SdkAppId = api.sdkAppId
  const quieter = [{ UserInfo: { UserId: 'Trtc_User_0' }, SoundLevel: 40 }]
  const update = { SdkAppId, TaskId, SequenceNumber: 1, WithTranscoding: 1, AudioParams: { SubscribeAudioList: quieter } }
  expect(await client.UpdatePublishCdnStream(update)).toMatchObject({ TaskId })
  expect(await refusal(client.UpdatePublishCdnStream(update))).toMatchObject({ code: 'InvalidParameter' })
  expect(await client.UpdatePublishCdnStream({ ...update, SequenceNumber: 2, AudioParams: { SubscribeAudioList: [] } })).toMatchObject({
    TaskId,
  })
  expect(await client.StopPublishCdnStream({ SdkAppId, TaskId })).toMatchObject({ TaskId })
  expect(await refusal(client.StopPublishCdnStream({ SdkAppId, TaskId }))).toMatchObject({ code: 'ResourceNotFound' })
})

test.each([
  [3, 'WithTranscoding'],
  [4, 'WithTranscoding'],
  [5, 'FeedBackRoomParams'],
  [6, 'SeiParams'],
  [7, 'AudioParams.SubscribeAudioList.1.UserInfo.RoomId'],
])('example %i is refused by %s', async (number, path) => {
  const error = await refusal(client.StartPublishCdnStream(runnableExample(api, number)))
  expect(error).toMatchObject({ code: 'UnsupportedOperation', message: expect.stringContaining(`${path}: `) })
})

test('a GET, with text beyond ASCII, is verified', async () => {
  const get = createSdkClient(api, { reqMethod: 'GET' })
  const TaskId = await started(1, get)
  expect(await get.StopPublishCdnStream({ SdkAppId: api.sdkAppId, TaskId })).toMatchObject({ TaskId })
  const error = await refusal(get.StartPublishCdnStream(changeAt(runnableExample(api, 1), 'AgentParams.UserId', "房间 'a'")))
  expect(error).toMatchObject({ code: 'InvalidParameter', message: expect.stringContaining("房间 'a'") })
})

test('a body beyond ASCII is verified', async () => {
  const error = await refusal(client.StartPublishCdnStream(changeAt(runnableExample(api, 1), 'RoomId', '房间')))
  expect(error).toMatchObject({ code: 'InvalidParameter', message: expect.stringContaining('RoomId is "房间"') })
})

test('a client without a region is served', async () => {
  const error = await refusal(createSdkClient(api, { region: '' }).StopPublishCdnStream({ SdkAppId: api.sdkAppId, TaskId: 'none' }))
  expect(error.code).toBe('ResourceNotFound')
})

test.each([
  ['a wrong key', { secretKey: 'wrong' }, 'AuthFailure.SignatureFailure'],
  ['an unknown key', { secretId: 'unknown' }, 'AuthFailure.SecretIdNotFound'],
  ['an unknown region', { region: 'eu-frankfurt' }, 'UnsupportedRegion'],
  ['the older signature', { signMethod: 'HmacSHA256' }, 'ResourceNotFound'],
  ['the oldest signature', { signMethod: 'HmacSHA1', reqMethod: 'GET' }, 'ResourceNotFound'],
] as const)('%s', async (_what, options, code) => {
  const other = createSdkClient(api, options)
  expect(await refusal(other.StopPublishCdnStream({ SdkAppId: api.sdkAppId, TaskId: 'none' }))).toMatchObject({ code })
})

test.each([-600_000, 600_000])('a clock that is %i ms off', async (offMs) => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + offMs })
  const error = await refusal(client.StopPublishCdnStream({ SdkAppId: api.sdkAppId, TaskId: 'none' }))
  expect(error).toMatchObject({ code: 'AuthFailure.SignatureExpire', message: expect.stringContaining('X-TC-Timestamp') })
})

test('an unknown action', async () => {
  expect(await refusal(client.request('StartMCUMixTranscode', {}))).toMatchObject({ code: 'InvalidAction' })
})

test.each([
  ['missing', 'AgentParams', undefined, 'MissingParameter', 'AgentParams is missing.'],
  ['missing below', 'VideoParams.VideoEncode.Gop', undefined, 'MissingParameter', 'VideoParams.VideoEncode.Gop is missing.'],
  ['mistyped', 'RoomId', 295066, 'InvalidParameter', 'RoomId is 295066; it must be a string.'],
  ['beyond 2^53', 'SdkAppId', 2n ** 53n + 1n, 'InvalidParameter', 'SdkAppId is 9007199254740992'],
  ['unknown', 'Recording', 1, 'UnknownParameter', 'Recording is not a parameter of this action.'],
  [
    'unknown below',
    'VideoParams.LayoutParams.MixLayoutList.1.Zorder',
    1,
    'UnknownParameter',
    'VideoParams.LayoutParams.MixLayoutList.1.Zorder is not a parameter of this action.',
  ],
  [
    'out of range',
    'VideoParams.VideoEncode.Fps',
    61,
    'InvalidParameter',
    'VideoParams.VideoEncode.Fps is 61; it must be an integer from 1 to 60.',
  ],
  ['of an unknown application', 'SdkAppId', 1, 'InvalidParameter.SdkAppId', 'SdkAppId 1 is not known.'],
  ['not signed for', 'AgentParams.UserId', 'someone', 'InvalidParameter', 'AgentParams.UserSig was issued for another user.'],
])('a parameter %s', async (_what, path, value, code, message) => {
  const error = await refusal(client.StartPublishCdnStream(changeAt(runnableExample(api, 1), path, value)))
  expect(error).toMatchObject({ code, message: expect.stringContaining(message) })
})
