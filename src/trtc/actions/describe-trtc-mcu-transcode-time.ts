// DescribeTrtcMcuTranscodeTime: seconds mixed and bandwidth, in the older form.
import { usageQuery } from '../types/usage-query.ts'

/** Spec section 15. */
export const describeTrtcMcuTranscodeTime = usageQuery()

/** A point of the older usage query. */
export interface TranscodeTimeUsage {
  /** A day, or an instant within one. */
  readonly TimeKey: string
  /** Seconds. */
  readonly AudioTime: number
  readonly VideoTimeSd: number
  readonly VideoTimeHd: number
  readonly VideoTimeFhd: number
  /** Mbps. */
  readonly Flux: number
}

export interface TranscodeTime {
  readonly Usages: readonly {
    /** The application, or `total`. */
    readonly SdkAppId: string
    readonly TotalNum: number
    readonly SdkAppIdTranscodeTimeUsages: readonly TranscodeTimeUsage[]
  }[]
}
