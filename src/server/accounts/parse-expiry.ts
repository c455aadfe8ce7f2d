// When a key ends, as people say it.

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/**
 * Unix ms of a time from `nowMs` (`90s`, `45m`, `12h`, `30d`) or of a date in ISO 8601, UTC unless it says otherwise;
 * `null`: neither.
 */
export function parseExpiry(text: string, nowMs: number): number | null {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? []
  if (count !== undefined && unit !== undefined) return nowMs + Number(count) * (unitMs[unit] ?? 0)
  const [, date, time, zone] = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)?(Z|[+-]\d\d:\d\d)?$/.exec(text) ?? []
  if (date === undefined) return null
  const at = Date.parse(`${date}${time ?? 'T00:00:00'}${zone ?? 'Z'}`)
  return Number.isNaN(at) ? null : at
}
