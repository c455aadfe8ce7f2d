// The actions of ours, by the generic call of both official Node SDKs: same signatures, errors and rights as the vendor's.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import sharp from 'sharp'
import { changeAt } from '../support/change-at.ts'
import { openApiUnderTest, type ApiUnderTest } from './api-under-test.ts'
import { createIntlSdkClient } from './intl-sdk.ts'
import { refusal } from './refusal.ts'
import { runnableExample } from './runnable-example.ts'
import { createSdkClient, type SdkClient } from './vendor-sdk.ts'

let api: ApiUnderTest
beforeAll(async () => void (api = await openApiUnderTest()))
afterAll(() => api.close())

const sdks = { mainland: createSdkClient, international: createIntlSdkClient }
type Answer = Record<string, unknown> & { readonly RequestId: string }

describe.each(['mainland', 'international'] as const)('%s SDK', (sdk) => {
  let client: SdkClient
  beforeAll(() => void (client = sdks[sdk](api)))
  const call = (action: string, parameters: object) => client.request(action, parameters) as Promise<Answer>
  const start = async () => (await call('StartPublishCdnStream', runnableExample(api, 1)))['TaskId'] as string
  const named = (TaskId: string) => ({ SdkAppId: api.sdkAppId, TaskId })

  test('a task is described without its keys, and listed by state', async () => {
    const TaskId = await start()
    const { Task } = await call('DescribePublishCdnStream', named(TaskId))
    expect(Task).toMatchObject({ TaskId, SdkAppId: api.sdkAppId, IsPaused: false, Outputs: [{ Url: 'rtmp://127.0.0.1:9/…' }] })
    const list = { SdkAppId: api.sdkAppId, States: ['starting', 'running', 'idle'], Limit: 100 }
    const ids = async (change: object = {}) =>
      ((await call('DescribePublishCdnStreams', { ...list, ...change }))['Tasks'] as { TaskId: string }[]).map((task) => task.TaskId)
    expect(await ids()).toContain(TaskId)
    expect(await ids({ Limit: 1 })).toHaveLength(1)
    expect(await ids({ Offset: 1_000_000 })).toEqual([])
    expect(await ids({ States: ['ended'] })).not.toContain(TaskId)
    await client.StopPublishCdnStream(named(TaskId))
    expect(JSON.stringify(Task)).not.toMatch(/live\/contract|UserSig/)
  })

  test('outputs pause and resume', async () => {
    const TaskId = await start()
    const isPaused = async () => ((await call('DescribePublishCdnStream', named(TaskId)))['Task'] as { IsPaused: boolean }).IsPaused
    expect(await call('PausePublishCdnStream', named(TaskId))).toMatchObject({ TaskId })
    expect(await isPaused()).toBe(true)
    const urls = [{ PublishCdnUrl: 'rtmp://127.0.0.1:9/live/other' }]
    await client.UpdatePublishCdnStream({ ...named(TaskId), SequenceNumber: 1, WithTranscoding: 1, PublishCdnParams: urls })
    expect(await isPaused()).toBe(true)
    await call('ResumePublishCdnStream', named(TaskId))
    expect(await isPaused()).toBe(false)
    await client.StopPublishCdnStream(named(TaskId))
    for (const action of ['PausePublishCdnStream', 'ResumePublishCdnStream', 'SnapshotPublishCdnStream'])
      expect(await refusal(call(action, named(TaskId)))).toMatchObject({ code: 'ResourceNotFound' })
  })

  test('a Start and an Update are judged without being done', async () => {
    const before = (await call('DescribePublishCdnStreams', { SdkAppId: api.sdkAppId }))['Total']
    expect(await call('ValidatePublishCdnStream', { Start: runnableExample(api, 1) })).toMatchObject({
      IsAccepted: true,
      Refusals: [],
      EstimatedCost: expect.any(Number),
    })
    expect((await call('DescribePublishCdnStreams', { SdkAppId: api.sdkAppId }))['Total']).toBe(before)
    const refused = async (Start: object) => {
      const own = await refusal(call('StartPublishCdnStream', Start))
      const answer = await call('ValidatePublishCdnStream', { Start })
      expect(answer).toMatchObject({ IsAccepted: false, Refusals: [{ Code: own.code, Message: own.message }], EstimatedCost: null })
      return own.code
    }
    const good = runnableExample(api, 1)
    expect(await refused(changeAt(good, 'VideoParams.VideoEncode.Fps', 99))).toBe('InvalidParameter')
    expect(await refused(changeAt(good, 'AgentParams.UserSig', 'wrong'))).toBe('InvalidParameter')
    expect(await refused(changeAt(good, 'SdkAppId', 1))).toBe('InvalidParameter.SdkAppId')
    expect(await refused(changeAt(good, 'Surprise', 1))).toBe('UnknownParameter')
    expect(await refused(runnableExample(api, 5))).toBe('UnsupportedOperation')
    const Update = { ...named('none'), SequenceNumber: 1, WithTranscoding: 1 }
    expect(await call('ValidatePublishCdnStream', { Update })).toMatchObject({ Refusals: [{ Code: 'ResourceNotFound' }] })
    const TaskId = await start()
    expect(await call('ValidatePublishCdnStream', { Update: { ...Update, TaskId } })).toMatchObject({ IsAccepted: true })
    await client.UpdatePublishCdnStream({ ...Update, TaskId })
    expect(await call('ValidatePublishCdnStream', { Update: { ...Update, TaskId } })).toMatchObject({
      Refusals: [{ Code: 'InvalidParameter' }],
    })
    await client.StopPublishCdnStream(named(TaskId))
  })

  test('a layout is shown before it is mixed', async () => {
    const { Image, Width, Height } = await call('PreviewPublishCdnStream', { Start: runnableExample(api, 1) })
    const { width, height, format } = await sharp(Buffer.from(Image as string, 'base64')).metadata()
    expect([width, height, format]).toEqual([Width, Height, 'png'])
    expect(await refusal(call('PreviewPublishCdnStream', { Start: runnableExample(api, 2) }))).toMatchObject({
      code: 'UnsupportedOperation',
    })
  })

  test.each([
    ['ValidatePublishCdnStream', {}, 'MissingParameter', 'Start is missing'],
    ['PreviewPublishCdnStream', { Start: { A: 1 }, Update: { B: 1 } }, 'InvalidParameter', 'Update is an object; it must stay away'],
    ['PreviewPublishCdnStream', { Start: { A: 1 }, Extra: 1 }, 'UnknownParameter', 'Extra'],
    ['DescribePublishCdnStreams', { States: ['gone'] }, 'InvalidParameter', 'States.0 is "gone"; it must be one of starting'],
    ['DescribePublishCdnStreams', { SdkAppId: 1 }, 'InvalidParameter.SdkAppId', 'SdkAppId 1 is not known'],
    ['DescribePublishCdnStream', { SdkAppId: 1, TaskId: 'x' }, 'InvalidParameter.SdkAppId', 'SdkAppId 1 is not known'],
    ['PausePublishCdnStream', { SdkAppId: 1400188366 }, 'MissingParameter', 'TaskId is missing'],
    ['SnapshotPublishCdnStream', { SdkAppId: 1400188366, TaskId: 'none' }, 'ResourceNotFound', 'none'],
  ])('%s with %j is refused', async (action, parameters, code, message) => {
    expect(await refusal(call(action, parameters))).toMatchObject({ code, message: expect.stringContaining(message) })
  })
})
