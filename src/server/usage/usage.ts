// What tasks have used, as actions may ask for it.
import type { AppSelection, MixedUse, SentUse, UsageSpan, UsageStore } from '../../store/usage-store.ts'
import type { UsageMeter } from './usage-meter.ts'

export interface Usage {
  /** Time mixed, by application, tier and step of five minutes. */
  mixed(appIds: AppSelection, span: UsageSpan): Promise<MixedUse[]>
  /** Bytes of the minute that sent most, by application, billing and step of five minutes. */
  sent(appIds: AppSelection, span: UsageSpan): Promise<SentUse[]>
}

/** Usage up to this second of tasks that run here; up to half a minute ago of those of other servers. */
export const createUsage = (store: UsageStore, meter: Pick<UsageMeter, 'write'>): Usage => ({
  async mixed(appIds, span) {
    await meter.write()
    return store.mixed(appIds, span)
  },
  async sent(appIds, span) {
    await meter.write()
    return store.sent(appIds, span)
  },
})
