// What a live mix used, asked for with the vendor's SDK: while it runs, after a restart, and after its end.
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { ownExample } from '../../src/demo/demo-mix.ts'
import { startLiveSystem, type LiveSystem } from '../support/live-system.ts'
import { refusal } from './refusal.ts'
import { createSdkClient, type SdkClient } from './vendor-sdk.ts'

interface UsageAnswer {
  readonly UsageKey: string[]
  readonly UsageList: { readonly TimeKey: string; readonly TimeStampKey: number; readonly UsageValue: number[] }[]
}

interface OlderAnswer {
  readonly Usages: {
    readonly SdkAppId: string
    readonly TotalNum: number
    readonly SdkAppIdTranscodeTimeUsages: Record<'AudioTime' | 'VideoTimeSd' | 'VideoTimeHd' | 'VideoTimeFhd', number>[]
  }[]
}

const DAY_MS = 24 * 3600 * 1000

let system: LiveSystem
let client: SdkClient

beforeAll(async () => {
  system = await startLiveSystem({ origin: true })
  const { secretId, secretKey, sdkSecretKey } = system.server.credentials
  const { httpUrl: url } = system.server
  client = createSdkClient({
    url,
    secretId,
    secretKey,
    sdkAppId: system.sdkAppId,
    userSigKey: sdkSecretKey,
    temporaryKey: null,
    close: async () => {},
  })
})

afterAll(async () => system?.close())

/** A day of UTC+8; yesterday and today together hold whatever a test that meets midnight used. */
const day = (offset: number): string => new Date(Date.now() + 8 * 3600 * 1000 + offset * DAY_MS).toISOString().slice(0, 10)
const span = () => ({ StartTime: day(-1), EndTime: day(0) })

async function total(action: 'DescribeMixTranscodingUsage' | 'DescribeRelayUsage', key: string, more: object = {}): Promise<number> {
  const answer = (await client.request(action, { ...span(), ...more })) as UsageAnswer
  const place = answer.UsageKey.indexOf(key)
  expect(place, key).toBeGreaterThanOrEqual(0)
  return answer.UsageList.reduce((sum, { UsageValue }) => sum + (UsageValue[place] ?? 0), 0)
}

/** Seconds mixed so far, of all tiers together. */
async function seconds(): Promise<number> {
  const { Usages } = (await client.request('DescribeTrtcMcuTranscodeTime', span())) as OlderAnswer
  const points = Usages.flatMap(({ SdkAppIdTranscodeTimeUsages }) => SdkAppIdTranscodeTimeUsages)
  return points.reduce((sum, point) => sum + point.AudioTime + point.VideoTimeSd + point.VideoTimeHd + point.VideoTimeFhd, 0)
}

/** Resolves with the seconds mixed, as soon as there are that many. */
const untilMixed = (atLeast: number): Promise<number> =>
  vi.waitFor(
    async () => {
      const mixed = await seconds()
      expect(mixed).toBeGreaterThanOrEqual(atLeast)
      return mixed
    },
    { timeout: 15_000, interval: 250 },
  )

const story =
  'a mix is metered by the pictures that come in, its pushes by where they go; neither a restart nor the end loses or doubles it'

test(story, { timeout: 60_000 }, async () => {
  // 720p, of which two are 1.8 megapixels: full HD, where the output of 720p alone would be HD.
  await Promise.all(['Trtc_User_0', 'Trtc_User_1'].map((name) => system.join(name, { widthPx: 1280, heightPx: 720, fps: 5 })))
  const url = (key: string) => `rtmp://127.0.0.1:${system.server.config.rtmpPort}/live/${key}`
  const startedAt = performance.now()
  /** An engine is metered from its first report on, to the second. */
  const atMost = () => (performance.now() - startedAt) / 1000 + 1
  const { TaskId } = await client.StartPublishCdnStream({
    ...ownExample(system.sdkAppId, system.userSig('trtc_partner_test_1'), url('usage')),
    PublishCdnParams: [
      { PublishCdnUrl: url('usage-third'), IsTencentCdn: 0 },
      { PublishCdnUrl: url('usage-vendor'), IsTencentCdn: 1 },
    ],
  })
  const shown = () => system.server.latestStats(TaskId)?.inputs.filter(({ widthPx }) => widthPx === 1280).length
  await vi.waitFor(() => expect(shown()).toBe(2), { timeout: 15_000, interval: 100 })
  await untilMixed((await seconds()) + 3)
  expect(await total('DescribeMixTranscodingUsage', 'FullHDH264', { SdkAppId: system.sdkAppId })).toBe(1)
  expect(await total('DescribeMixTranscodingUsage', 'Audio')).toBe(0)
  expect(await total('DescribeRelayUsage', 'Bandwidth')).toBeGreaterThan(0)
  expect(await total('DescribeRelayUsage', 'TencentCdnBandwidth')).toBeGreaterThan(0)
  const before = await seconds()
  expect(before).toBeLessThanOrEqual(atMost())

  await system.restart()
  expect(await seconds()).toBeGreaterThanOrEqual(before)
  expect(await untilMixed(before + 3)).toBeLessThanOrEqual(atMost())

  await client.StopPublishCdnStream({ SdkAppId: system.sdkAppId, TaskId })
  await vi.waitFor(() => expect(system.server.worker.taskIds()).toEqual([]), { timeout: 10_000 })
  const after = await seconds()
  expect(after).toBeGreaterThanOrEqual(before + 3)
  expect(after).toBeLessThanOrEqual(atMost())
})

test('one day has points of five minutes, up to the present', async () => {
  const date = day(0)
  const { UsageKey, UsageList } = (await client.request('DescribeMixTranscodingUsage', { StartTime: date, EndTime: date })) as UsageAnswer
  expect(UsageKey).toHaveLength(11)
  expect(UsageList[0]).toMatchObject({ TimeKey: `${date} 00:00:00`, TimeStampKey: Date.parse(`${date}T00:00:00+08:00`) / 1000 })
  const last = (UsageList.at(-1)?.TimeStampKey ?? 0) * 1000
  expect(Date.now() - last).toBeLessThan(301_000)
  expect(Date.now() - last).toBeGreaterThanOrEqual(0)
})

test('refusals reach the SDK', async () => {
  const longer = client.request('DescribeRelayUsage', { StartTime: '2026-01-01', EndTime: '2026-02-01' })
  expect(await refusal(longer)).toMatchObject({ code: 'InvalidParameter', message: expect.stringContaining('within 31 days') })
  const foreign = client.request('DescribeRelayUsage', { ...span(), SdkAppId: 7 })
  expect(await refusal(foreign)).toMatchObject({ code: 'InvalidParameter.SdkAppId' })
})

test('more than five calls a second are too many', async () => {
  const calls = Array.from({ length: 12 }, () =>
    client.request('DescribeMixTranscodingUsage', span()).then(
      () => 'ok',
      (error: { code: string }) => error.code,
    ),
  )
  expect(await Promise.all(calls)).toContain('RequestLimitExceeded')
})
