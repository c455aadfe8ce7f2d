// What may be shown of an output's address.
import { parseRtmpUrl } from './rtmp/url.ts'

/** The address with its stream, in which keys travel, hidden; for messages and logs. */
export function maskedUrl(url: string): string {
  try {
    return `${parseRtmpUrl(url).tcUrl}/***`
  } catch {
    return '***'
  }
}
