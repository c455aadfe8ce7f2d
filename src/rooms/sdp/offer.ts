// Reading the SDP offer of a WHIP or WHEP client (RFC 8866, RFC 8829).
import { SessionRefused } from '../session-refused.ts'

export interface OfferedCodec {
  readonly payloadType: number
  /** Lower case: `h264`, `vp8`, `opus`, `rtx`. */
  readonly name: string
  readonly clockRateHz: number
  readonly channels: string
  readonly parameters: string
  readonly feedback: readonly string[]
}

export interface OfferedMedia {
  readonly kind: string
  readonly protocol: string
  /** As in the m-line, for the answer of a refused medium. */
  readonly formats: readonly string[]
  readonly mid: string
  readonly direction: 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive'
  readonly codecs: readonly OfferedCodec[]
  /** Header extension ids by URI. */
  readonly extensions: ReadonlyMap<string, number>
  readonly ssrcs: readonly number[]
  /** SSRC of the retransmissions to SSRC of the stream they repair (`a=ssrc-group:FID`). */
  readonly repairs: ReadonlyMap<number, number>
  /** Simulcast layers in the order offered. */
  readonly rids: readonly string[]
}

/** How to reach the peer and know it. */
export interface RemoteIce {
  readonly usernameFragment: string
  readonly password: string
  readonly fingerprint: string
  readonly setup: string
}

export interface Offer {
  readonly ice: RemoteIce
  /** `candidate:…` lines. */
  readonly candidates: readonly string[]
  readonly media: readonly OfferedMedia[]
}

const MAX_OFFER_BYTES = 200_000

/** @throws {SessionRefused} `bad-offer`, naming what is missing */
export function parseOffer(sdp: string): Offer {
  if (sdp.length > MAX_OFFER_BYTES) throw refuse(`must be at most ${MAX_OFFER_BYTES} characters (got ${sdp.length})`)
  const sections = splitSections(sdp)
  const session = sections[0]!
  const media = sections.slice(1)
  if (!session[0]?.startsWith('v=0')) throw refuse('must begin with v=0')
  if (media.length === 0) throw refuse('must have a media section')
  const bundled = media.find((lines) => attribute(lines, 'ice-ufrag') !== undefined) ?? session
  const required = (name: string): string => {
    const value = attribute(bundled, name) ?? attribute(session, name)
    if (value === undefined) throw refuse(`must have a=${name}`)
    return value
  }
  return {
    ice: {
      usernameFragment: required('ice-ufrag'),
      password: required('ice-pwd'),
      fingerprint: required('fingerprint'),
      setup: attribute(bundled, 'setup') ?? attribute(session, 'setup') ?? 'actpass',
    },
    candidates: [
      ...new Set(media.flatMap((lines) => lines.filter((line) => line.startsWith('a=candidate:')).map((line) => line.slice(2)))),
    ],
    media: media.map(parseMedia),
  }
}

const refuse = (rule: string): SessionRefused => new SessionRefused('bad-offer', `SDP offer ${rule}.`)

/** The lines of the session part, then of each media section. */
function splitSections(sdp: string): string[][] {
  const sections: string[][] = [[]]
  for (const line of sdp.split(/\r?\n/)) {
    if (line.startsWith('m=')) sections.push([])
    if (line !== '') sections.at(-1)!.push(line.trimEnd())
  }
  return sections
}

function attribute(lines: readonly string[], name: string): string | undefined {
  return lines.find((line) => line.startsWith(`a=${name}:`))?.slice(name.length + 3)
}

function parseMedia(lines: readonly string[], index: number): OfferedMedia {
  const [kind = '', , protocol = '', ...formats] = lines[0]!.slice(2).split(' ')
  const matches = (pattern: RegExp): RegExpMatchArray[] => lines.map((line) => line.match(pattern)).filter((match) => match !== null)
  const direction = lines.find((line) => /^a=(sendrecv|sendonly|recvonly|inactive)$/.test(line))?.slice(2) ?? 'sendrecv'
  const forFormat = (pattern: RegExp, payloadType: string): string[] =>
    matches(pattern)
      .filter((match) => match[1] === payloadType || match[1] === '*')
      .map((match) => match[2]!)
  return {
    kind,
    protocol,
    formats,
    mid: attribute(lines, 'mid') ?? String(index),
    direction: direction as OfferedMedia['direction'],
    codecs: matches(/^a=rtpmap:(\d+) ([^/\s]+)\/(\d+)(?:\/(\d+))?/).map(([, payloadType, name, clockRateHz, channels]) => ({
      payloadType: Number(payloadType),
      name: name!.toLowerCase(),
      clockRateHz: Number(clockRateHz),
      channels: channels ?? '',
      parameters: forFormat(/^a=fmtp:(\d+) (.*)/, payloadType!)[0] ?? '',
      feedback: forFormat(/^a=rtcp-fb:(\d+|\*) (.*)/, payloadType!),
    })),
    extensions: new Map(matches(/^a=extmap:(\d+)(?:\/\S+)? (\S+)/).map(([, id, uri]) => [uri!, Number(id)])),
    ssrcs: [...new Set(matches(/^a=ssrc:(\d+)/).map(([, ssrc]) => Number(ssrc)))],
    repairs: new Map(matches(/^a=ssrc-group:FID (\d+) (\d+)/).map(([, primary, repair]) => [Number(repair), Number(primary)])),
    rids: matches(/^a=rid:(\S+) send/).map(([, rid]) => rid!),
  }
}
