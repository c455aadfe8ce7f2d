// A task as its worker sees it while an engine mixes it.
import type { EngineStats } from '../engine/ipc.ts'
import type { MixSpec } from '../mix/mix-spec.ts'
import type { Lease } from '../store/lease-store.ts'

export interface MixingTask {
  readonly lease: Lease
  readonly spec: MixSpec
  /** Tells whose counters the figures are: a new engine begins at zero. */
  readonly enginePid: number | null
  /** At most a second old. */
  readonly stats: EngineStats
}
