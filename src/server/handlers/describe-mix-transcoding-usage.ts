// DescribeMixTranscodingUsage: minutes mixed, by tier.
import { toUsageDays, usageTime } from '../../trtc/convert/usage-days.ts'
import { mixUsageKeys } from '../../trtc/usage-keys.ts'
import { mixedPoints } from '../usage/usage-points.ts'
import type { HandlerPorts, Handlers } from './handler.ts'
import { usageApplications } from './usage-applications.ts'

/** The seconds of a day are summed, then rounded up (spec section 15). */
const minutes = (ms: number): number => Math.ceil(Math.round(ms / 1000) / 60)

export const describeMixTranscodingUsage =
  ({ applications, usage, now }: HandlerPorts): Handlers['DescribeMixTranscodingUsage'] =>
  async (request, { key }) => {
    const days = toUsageDays(request)
    const uses = await usage.mixed(await usageApplications(applications, request.SdkAppId, key), days)
    return {
      UsageKey: mixUsageKeys.map(([name]) => name),
      UsageList: mixedPoints(uses, days, now(), minutes).map((point, index) => {
        const at = days.from + index * days.pointMs
        return { TimeKey: usageTime(at), TimeStampKey: at / 1000, UsageValue: mixUsageKeys.map(([, tier]) => point.get(tier) ?? 0) }
      }),
    }
  }
