// Which picture URLs have an effect at all.

const allowedCharacters = /^[0-9a-zA-Z\-._~:/?#[\]@!&()*+,%=;|]+$/

/** Endings that promise a format this release cannot read. Any other address is judged by what it serves. */
const otherFormat = /\.(avif|bmp|gif|heic|ico|mp4|svg|tiff?|webm|webp)$/i

/** The ending of the path, in lower case, if it is one of a format other than png and jpeg. */
export const otherPictureFormat = (url: string): string | null =>
  URL.canParse(url) ? (otherFormat.exec(new URL(url).pathname)?.[1]?.toLowerCase() ?? null) : null

/**
 * The URL, or `null` if it has no effect: empty, or breaking the rules of spec section 9, of which `warn` is told.
 * @param path of the parameter
 */
export function toPictureUrl(url: string | undefined, path: string, warn: (warning: string) => void): string | null {
  if (url === undefined || url === '') return null
  const fault = faultOf(url)
  if (fault === null) return url
  warn(`${path} has no effect: ${fault}.`)
  return null
}

function faultOf(url: string): string | null {
  if (!allowedCharacters.test(url)) return 'it holds a character outside the allowed set'
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) return 'it is no http or https address'
  const format = otherPictureFormat(url)
  return format === null ? null : `pictures here are png or jpeg, not ${format}`
}
