// DescribeTrtcMcuTranscodeTime: seconds mixed and bandwidth, in the older form.
import type { UsageTier } from '../../mix/usage-tier.ts'
import { toUsageDays, usageDay, usageTime } from '../../trtc/convert/usage-days.ts'
import { bandwidthPoints, mixedPoints } from '../usage/usage-points.ts'
import type { HandlerPorts, Handlers } from './handler.ts'
import { usageApplications } from './usage-applications.ts'

const seconds = (ms: number): number => Math.round(ms / 1000)

const tiers = {
  AudioTime: ['audio'],
  VideoTimeSd: ['sd-h264', 'sd-h265'],
  VideoTimeHd: ['hd-h264', 'hd-h265'],
  // This form knows nothing larger; no time is left out.
  VideoTimeFhd: ['full-hd-h264', 'full-hd-h265', '2k-h264', '2k-h265', '4k-h264', '4k-h265'],
} as const satisfies Record<string, readonly UsageTier[]>

export const describeTrtcMcuTranscodeTime =
  ({ applications, usage, now }: HandlerPorts): Handlers['DescribeTrtcMcuTranscodeTime'] =>
  async (request, { key }) => {
    const days = toUsageDays(request)
    const at = now()
    const selection = await usageApplications(applications, request.SdkAppId, key)
    const mixed = mixedPoints(await usage.mixed(selection, days), days, at, seconds)
    const bandwidth = bandwidthPoints(await usage.sent(selection, days), days, at)
    const points = mixed.map((point, index) => {
      const startAt = days.from + index * days.pointMs
      const time = (name: keyof typeof tiers): number => tiers[name].reduce((sum, tier) => sum + (point.get(tier) ?? 0), 0)
      return {
        TimeKey: days.isOneDay ? usageTime(startAt) : usageDay(startAt),
        AudioTime: time('AudioTime'),
        VideoTimeSd: time('VideoTimeSd'),
        VideoTimeHd: time('VideoTimeHd'),
        VideoTimeFhd: time('VideoTimeFhd'),
        Flux: bandwidth[index]?.get('third-party-cdn') ?? 0,
      }
    })
    return { Usages: [{ SdkAppId: request.SdkAppId?.toString() ?? 'total', TotalNum: points.length, SdkAppIdTranscodeTimeUsages: points }] }
  }
