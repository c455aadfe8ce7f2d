// DescribeRelayUsage: bandwidth of pushes.
import { toUsageDays, usageTime } from '../../trtc/convert/usage-days.ts'
import { bandwidthPoints } from '../usage/usage-points.ts'
import type { HandlerPorts, Handlers } from './handler.ts'
import { usageApplications } from './usage-applications.ts'

/** Third-party CDNs alone are charged; what went to the vendor's is a key of its own, where there was any. */
export const describeRelayUsage =
  ({ applications, usage, now }: HandlerPorts): Handlers['DescribeRelayUsage'] =>
  async (request, { key }) => {
    const days = toUsageDays(request)
    const uses = await usage.sent(await usageApplications(applications, request.SdkAppId, key), days)
    const hasVendor = uses.some(({ billing }) => billing === 'vendor-cdn')
    return {
      UsageKey: ['Bandwidth', ...(hasVendor ? ['TencentCdnBandwidth'] : [])],
      UsageList: bandwidthPoints(uses, days, now()).map((point, index) => {
        const at = days.from + index * days.pointMs
        const values = [point.get('third-party-cdn') ?? 0, ...(hasVendor ? [point.get('vendor-cdn') ?? 0] : [])]
        return { TimeKey: usageTime(at), TimeStampKey: at / 1000, UsageValue: values }
      }),
    }
  }
