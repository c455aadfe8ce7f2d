// The names of usage on the wire, in their order.
import type { UsageTier } from '../mix/usage-tier.ts'

/** Spec section 15. */
export const mixUsageKeys: readonly (readonly [key: string, tier: UsageTier])[] = [
  ['Audio', 'audio'],
  ['SDH264', 'sd-h264'],
  ['HDH264', 'hd-h264'],
  ['FullHDH264', 'full-hd-h264'],
  ['2KH264', '2k-h264'],
  ['4KH264', '4k-h264'],
  ['SDH265', 'sd-h265'],
  ['HDH265', 'hd-h265'],
  ['FullHDH265', 'full-hd-h265'],
  ['2KH265', '2k-h265'],
  ['4KH265', '4k-h265'],
]

/** A point of the newer usage queries. */
export interface UsagePoint {
  readonly TimeKey: string
  /** Unix seconds. */
  readonly TimeStampKey: number
  /** In the order of `UsageKey`. */
  readonly UsageValue: readonly number[]
}

/** What the newer usage queries answer. */
export interface UsageList {
  readonly UsageKey: readonly string[]
  readonly UsageList: readonly UsagePoint[]
}
