// One line of `/metrics` that is read from somewhere else at the moment of a scrape.
import { Counter, Gauge, type Registry } from 'prom-client'

export interface Figure<Source> {
  /** Counters run from the start of the process they tell about. */
  readonly kind: 'counter' | 'gauge'
  /** With its unit, and `_total` on counters, as Prometheus asks. */
  readonly name: string
  readonly help: string
  /** `null`: not known yet. */
  readonly read: (source: Source) => number | null
}

/** Labels by name, and what the figures of those labels are read from. */
export type Sample<Label extends string, Source> = readonly [labels: Record<Label, string>, source: Source]

/** Registers figures whose values are read from `samples()` at every scrape; what is no longer among them disappears. */
export function registerFigures<Label extends string, Source>(
  registry: Registry,
  figures: readonly Figure<Source>[],
  labelNames: readonly Label[],
  samples: () => readonly Sample<Label, Source>[],
): void {
  for (const { kind, name, help, read } of figures) {
    const values = () => samples().flatMap(([labels, source]) => [{ labels, value: read(source) }])
    const metric =
      kind === 'counter'
        ? new Counter({ name, help, labelNames, registers: [], collect })
        : new Gauge({ name, help, labelNames, registers: [], collect })
    registry.registerMetric(metric)

    function collect(): void {
      metric.reset()
      // Without labels a reset leaves a zero, which would look like a process that began anew.
      if (labelNames.length === 0) metric.remove()
      for (const { labels, value } of values()) if (value !== null) metric.inc(labels, value)
    }
  }
}
