// RTMP addresses: where to connect and what to ask for.

export interface RtmpAddress {
  readonly isTls: boolean
  readonly host: string
  readonly port: number
  readonly app: string
  /** Secret: the stream's name with its query. */
  readonly streamKey: string
  /** What `connect` sends; without the stream's name. */
  readonly tcUrl: string
}

const pattern = /^(rtmps?):\/\/([^/?#]+)\/([^?#]*)(\?.*)?$/i
const defaultPorts = { rtmp: 1935, rtmps: 443 } as const

/**
 * Takes an address apart as FFmpeg and librtmp do: the first segment is the application, the first
 * two if there are three or more; the rest with the query is the stream, sent as it is written.
 * @throws naming the rule, never the address
 */
export function parseRtmpUrl(url: string): RtmpAddress {
  const match = pattern.exec(url.trim())
  if (match === null) throw new Error('An RTMP address must look like rtmp://host/application/stream.')
  const scheme = match[1]?.toLowerCase() === 'rtmps' ? 'rtmps' : 'rtmp'
  const authority = match[2] ?? ''
  const { hostname, port } = parseAuthority(authority)
  const segments = (match[3] ?? '').split('/')
  const appLength = segments.length > 2 ? 2 : 1
  const app = segments.slice(0, appLength).join('/')
  const streamKey = segments.slice(appLength).join('/') + (match[4] ?? '')
  if (app === '' || streamKey === '') throw new Error('An RTMP address must name an application and a stream.')
  return {
    isTls: scheme === 'rtmps',
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? defaultPorts[scheme] : Number(port),
    app,
    streamKey,
    tcUrl: `${scheme}://${authority}/${app}`,
  }
}

function parseAuthority(authority: string): URL {
  if (authority.includes('@')) throw new Error('An RTMP address must not hold a user name or password.')
  try {
    // A scheme without a default port of its own, so that a port given is a port kept.
    return new URL(`rtmp://${authority}`)
  } catch {
    throw new Error('The host or port of an RTMP address is not valid.')
  }
}
