// Since when, as people say it.
import { parseExpiry } from '../accounts/parse-expiry.ts'

/** Unix ms of a time before `nowMs` (`45m`, `12h`, `3d`) or of a date in ISO 8601; `null`: neither. */
export function parseSince(text: string, nowMs: number): number | null {
  const at = parseExpiry(text, nowMs)
  return at === null || !/[smhd]$/.test(text) ? at : nowMs - (at - nowMs)
}
