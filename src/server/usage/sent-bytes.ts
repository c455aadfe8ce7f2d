// How much a task's outputs sent since they were last looked at, by whose network they went to.
import type { EngineStats } from '../../engine/ipc.ts'
import type { OutputSpec } from '../../mix/mix-spec.ts'

export type Billing = OutputSpec['billing']

interface Counted {
  readonly bytes: number
  readonly billing: Billing
}

export class SentBytes {
  #enginePid: number | null = null
  #known = new Map<string, Counted>()

  /**
   * Bytes since the last call. The counters of a new engine, and of an output that was removed and added again, begin at
   * zero: what they show is new.
   */
  take(enginePid: number | null, stats: EngineStats, specs: readonly OutputSpec[]): Map<Billing, number> {
    if (enginePid !== this.#enginePid) this.#known.clear()
    this.#enginePid = enginePid
    const sent = new Map<Billing, number>()
    const seen = new Map<string, Counted>()
    for (const { url, bytesSent } of stats.outputs) {
      const before = this.#known.get(url)
      // One that says goodbye stands in the spec no longer.
      const billing = specs.find((spec) => spec.url === url)?.billing ?? before?.billing ?? 'third-party-cdn'
      const bytes = before === undefined || bytesSent < before.bytes ? bytesSent : bytesSent - before.bytes
      if (bytes > 0) sent.set(billing, (sent.get(billing) ?? 0) + bytes)
      seen.set(url, { bytes: bytesSent, billing })
    }
    this.#known = seen
    return sent
  }
}
