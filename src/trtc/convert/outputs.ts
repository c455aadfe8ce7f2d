// McuPublishCdnParam into outputs.
import type { OutputSpec } from '../../mix/mix-spec.ts'
import type { PublishCdnParam } from '../types/destinations.ts'

/** `IsTencentCdn` is 1 unless it is said otherwise, as the vendor has it. */
export const toOutputs = (params: readonly PublishCdnParam[]): OutputSpec[] =>
  params.map(({ PublishCdnUrl, IsTencentCdn = 1 }) => ({
    url: PublishCdnUrl,
    billing: IsTencentCdn === 1 ? 'vendor-cdn' : 'third-party-cdn',
  }))
