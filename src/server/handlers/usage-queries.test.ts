import { expect, test } from 'vitest'
import { fakePorts } from '../../../test/support/fake-ports.ts'
import { createLogger } from '../../log.ts'
import type { AppSelection, UsageSpan } from '../../store/usage-store.ts'
import { parseRequest } from '../../trtc/parse-request.ts'
import { actions } from '../../trtc/actions/actions.ts'
import type { ApiKey } from '../gateway/api-key.ts'
import { createHandlers } from './handlers.ts'

const APP = 1400188366
const STEP_MS = 300_000
const DAY_MS = 24 * 3600 * 1000
const newYear = 1640966400 * 1000

const third = { billing: 'third-party-cdn', peakMinuteBytes: 75_825_000 } as const
const vendor = { billing: 'vendor-cdn', peakMinuteBytes: 7_500_000 } as const

/** Handlers over usage of the first of January 2022, noting what was asked for. */
function setUp(applications: ApiKey['applications'] = 'all', sent: (typeof third | typeof vendor)[] = [third]) {
  const asked: [AppSelection, UsageSpan][] = []
  const key: ApiKey = { secretKey: 'k', accountId: 'a', token: null, expiresAt: null, applications }
  const handlers = createHandlers(
    fakePorts({
      usage: {
        async mixed(appIds, { from, until }) {
          asked.push([appIds, { from, until }])
          return [
            { appId: APP, stepAt: newYear + STEP_MS, tier: 'audio', ms: 61_000 },
            { appId: APP, stepAt: newYear + STEP_MS, tier: '2k-h264', ms: 30_400 },
            { appId: APP, stepAt: newYear + STEP_MS, tier: 'full-hd-h265', ms: 1_000 },
            { appId: APP, stepAt: newYear + STEP_MS, tier: 'hd-h264', ms: 59_600 },
          ]
        },
        sent: async () => sent.map((use) => ({ appId: APP, stepAt: newYear + STEP_MS, ...use })),
      },
      now: () => newYear + 100 * DAY_MS,
    }),
  )
  const context = { requestId: 'r', log: createLogger('test', 'silent'), key }
  const query = { StartTime: '2022-01-01', EndTime: '2022-01-01' }
  return {
    asked,
    mixing: (request: object = {}) =>
      handlers.DescribeMixTranscodingUsage(parseRequest(actions.DescribeMixTranscodingUsage.schema, { ...query, ...request }), context),
    relay: (request: object = {}) =>
      handlers.DescribeRelayUsage(parseRequest(actions.DescribeRelayUsage.schema, { ...query, ...request }), context),
    older: (request: object = {}) =>
      handlers.DescribeTrtcMcuTranscodeTime(parseRequest(actions.DescribeTrtcMcuTranscodeTime.schema, { ...query, ...request }), context),
  }
}

test('minutes mixed: the keys in their order, a point every five minutes of one day, the times of UTC+8', async () => {
  const { mixing } = setUp()
  const { UsageKey, UsageList } = await mixing()
  expect(UsageKey).toEqual([
    'Audio',
    'SDH264',
    'HDH264',
    'FullHDH264',
    '2KH264',
    '4KH264',
    'SDH265',
    'HDH265',
    'FullHDH265',
    '2KH265',
    '4KH265',
  ])
  expect(UsageList).toHaveLength(288)
  expect(UsageList[0]).toEqual({ TimeKey: '2022-01-01 00:00:00', TimeStampKey: 1640966400, UsageValue: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] })
  expect(UsageList[1]).toEqual({ TimeKey: '2022-01-01 00:05:00', TimeStampKey: 1640966700, UsageValue: [2, 0, 1, 0, 1, 0, 0, 0, 1, 0, 0] })
})

test('several days have a point a day, also when they are asked for backwards as in the examples of the vendor', async () => {
  const { mixing, asked } = setUp()
  const { UsageList } = await mixing({ StartTime: '2022-01-02', EndTime: '2022-01-01', SdkAppId: String(APP) })
  expect(UsageList.map(({ TimeKey }) => TimeKey)).toEqual(['2022-01-01 00:00:00', '2022-01-02 00:00:00'])
  expect(UsageList.map(({ UsageValue }) => UsageValue[0])).toEqual([2, 0])
  expect(asked).toEqual([[[APP], { from: newYear, until: newYear + 2 * DAY_MS }]])
})

test('bandwidth to third parties; what went to the CDN of the vendor is a key of its own, if there was any', async () => {
  const { UsageKey, UsageList } = await setUp().relay()
  expect(UsageKey).toEqual(['Bandwidth'])
  expect(UsageList.slice(0, 2)).toEqual([
    { TimeKey: '2022-01-01 00:00:00', TimeStampKey: 1640966400, UsageValue: [0] },
    { TimeKey: '2022-01-01 00:05:00', TimeStampKey: 1640966700, UsageValue: [10.11] },
  ])
  const both = await setUp('all', [third, vendor]).relay({ EndTime: '2022-01-02' })
  expect(both.UsageKey).toEqual(['Bandwidth', 'TencentCdnBandwidth'])
  expect(both.UsageList.map(({ UsageValue }) => UsageValue)).toEqual([
    [10.11, 1],
    [0, 0],
  ])
})

test('the older query: seconds, days without a time, the application as text or the total', async () => {
  const { older } = setUp('all', [third, vendor])
  const [total] = (await older({ EndTime: '2022-01-02' })).Usages
  expect(total).toEqual({
    SdkAppId: 'total',
    TotalNum: 2,
    SdkAppIdTranscodeTimeUsages: [
      { TimeKey: '2022-01-01', AudioTime: 61, VideoTimeSd: 0, VideoTimeHd: 60, VideoTimeFhd: 31, Flux: 10.11 },
      { TimeKey: '2022-01-02', AudioTime: 0, VideoTimeSd: 0, VideoTimeHd: 0, VideoTimeFhd: 0, Flux: 0 },
    ],
  })
  const [one] = (await older({ SdkAppId: APP })).Usages
  expect(one).toMatchObject({ SdkAppId: String(APP), TotalNum: 288 })
  expect(one?.SdkAppIdTranscodeTimeUsages[1]).toMatchObject({ TimeKey: '2022-01-01 00:05:00', AudioTime: 61 })
})

test('without an application, those are asked for that the key has a right to', async () => {
  const all = setUp()
  await all.mixing()
  const some = setUp([7, 8])
  await some.mixing()
  expect([...all.asked, ...some.asked].map(([appIds]) => appIds)).toEqual(['all', [7, 8]])
})

test.each(['mixing', 'relay', 'older'] as const)(
  '%s: applications that are unknown, or that the key has no right to, are refused',
  async (query) => {
    await expect(setUp()[query]({ SdkAppId: 7 })).rejects.toMatchObject({ code: 'InvalidParameter.SdkAppId' })
    await expect(setUp([7])[query]({ SdkAppId: APP })).rejects.toMatchObject({ code: 'AuthFailure.UnauthorizedOperation' })
  },
)

test.each([
  ['a missing day', { EndTime: undefined }, 'MissingParameter', 'EndTime is missing.'],
  [
    'a time instead of a day',
    { StartTime: '2022-01-01 00:00:00' },
    'InvalidParameter',
    'StartTime is "2022-01-01 00:00:00"; it must be a day as YYYY-MM-DD.',
  ],
  [
    'a day that is in no calendar',
    { EndTime: '2022-02-30' },
    'InvalidParameter',
    'EndTime is "2022-02-30"; it must be a day as YYYY-MM-DD.',
  ],
  ['a number', { EndTime: 20220101 }, 'InvalidParameter', 'EndTime is 20220101; it must be a string.'],
  [
    '32 days',
    { EndTime: '2022-02-01' },
    'InvalidParameter',
    'EndTime is "2022-02-01"; it must be within 31 days, first and last included, of StartTime (2022-01-01).',
  ],
  ['something else', { MixType: 'multi' }, 'UnknownParameter', 'MixType is not a parameter of this action.'],
])('%s is refused', async (_what, change, code, message) => {
  for (const query of ['mixing', 'relay', 'older'] as const) {
    await expect(async () => setUp()[query](change)).rejects.toMatchObject({ code, message })
  }
})

test('limits are those that the vendor documents', () => {
  expect(actions.DescribeMixTranscodingUsage.maxPerSec).toBe(5)
  expect(actions.DescribeRelayUsage.maxPerSec).toBe(5)
  expect(actions.DescribeTrtcMcuTranscodeTime.maxPerSec).toBe(20)
})
