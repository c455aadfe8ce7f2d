// Writing the SDP answer: our ICE and DTLS parameters, and what we take of each offered medium.
import type { OfferedMedia } from './offer.ts'
import type { ChosenCodec } from './codecs.ts'

/** Our side of the transport. */
export interface LocalIce {
  readonly usernameFragment: string
  readonly password: string
  readonly fingerprint: string
  readonly setup: string
  /** `candidate:…` lines. */
  readonly candidates: readonly string[]
}

/** The answer to one offered medium. */
export interface AnsweredMedia {
  readonly offered: OfferedMedia
  /** Empty: refused. */
  readonly codecs: readonly ChosenCodec[]
  readonly direction: 'recvonly' | 'sendonly'
  /** RTCP feedback we take part in. */
  readonly feedback: readonly string[]
  /** URIs of the header extensions we understand. */
  readonly extensions: readonly string[]
  /** Of a stream we send. */
  readonly sent?: { readonly ssrc: number; readonly rtxSsrc: number; readonly canonicalName: string; readonly streamId: string }
}

/** The answer's text. `sessionNumber` is the o-line's id. */
export function writeAnswer(ice: LocalIce, media: readonly AnsweredMedia[], sessionNumber: number): string {
  const accepted = media.filter(({ codecs }) => codecs.length > 0)
  const lines = [
    'v=0',
    `o=- ${sessionNumber} 1 IN IP4 127.0.0.1`,
    's=-',
    't=0 0',
    `a=group:BUNDLE ${accepted.map(({ offered }) => offered.mid).join(' ')}`,
    'a=extmap-allow-mixed',
    'a=msid-semantic: WMS *',
    ...media.flatMap((one) => (one.codecs.length === 0 ? refusedLines(one.offered) : mediaLines(ice, one))),
  ]
  return `${lines.join('\r\n')}\r\n`
}

const refusedLines = ({ kind, protocol, formats, mid }: OfferedMedia): string[] => [
  `m=${kind} 0 ${protocol} ${formats[0] ?? '0'}`,
  'c=IN IP4 0.0.0.0',
  `a=mid:${mid}`,
  'a=inactive',
]

function mediaLines(ice: LocalIce, { offered, codecs, direction, feedback, extensions, sent }: AnsweredMedia): string[] {
  const formats = codecs.flatMap(({ format, rtx }) => (rtx === null ? [format] : [format, rtx]))
  const rids = direction === 'recvonly' ? offered.rids : []
  return [
    `m=${offered.kind} 9 ${offered.protocol} ${formats.map(({ payloadType }) => payloadType).join(' ')}`,
    'c=IN IP4 0.0.0.0',
    'a=rtcp:9 IN IP4 0.0.0.0',
    ...ice.candidates.map((candidate) => `a=${candidate}`),
    'a=end-of-candidates',
    `a=ice-ufrag:${ice.usernameFragment}`,
    `a=ice-pwd:${ice.password}`,
    'a=ice-options:trickle',
    `a=fingerprint:${ice.fingerprint}`,
    `a=setup:${ice.setup}`,
    `a=mid:${offered.mid}`,
    `a=${direction}`,
    'a=rtcp-mux',
    'a=rtcp-rsize',
    ...extensions.filter((uri) => offered.extensions.has(uri)).map((uri) => `a=extmap:${offered.extensions.get(uri)} ${uri}`),
    ...formats.flatMap(({ payloadType, name, clockRateHz, channels, parameters, feedback: offeredFeedback }) => [
      `a=rtpmap:${payloadType} ${spelling[name] ?? name}/${clockRateHz}${channels === '' ? '' : `/${channels}`}`,
      ...offeredFeedback
        .filter((message) => name !== 'rtx' && feedback.includes(message))
        .map((message) => `a=rtcp-fb:${payloadType} ${message}`),
      ...(parameters === '' ? [] : [`a=fmtp:${payloadType} ${parameters}`]),
    ]),
    ...(sent === undefined ? [] : sentLines(sent, offered.kind)),
    ...rids.map((rid) => `a=rid:${rid} recv`),
    ...(rids.length === 0 ? [] : [`a=simulcast:recv ${rids.join(';')}`]),
  ]
}

const spelling: Record<string, string> = { h264: 'H264', vp8: 'VP8', opus: 'opus', rtx: 'rtx' }

const sentLines = ({ ssrc, rtxSsrc, canonicalName, streamId }: NonNullable<AnsweredMedia['sent']>, kind: string): string[] => [
  `a=msid:${streamId} ${kind}`,
  ...(rtxSsrc === 0 ? [] : [`a=ssrc-group:FID ${ssrc} ${rtxSsrc}`]),
  `a=ssrc:${ssrc} cname:${canonicalName}`,
  ...(rtxSsrc === 0 ? [] : [`a=ssrc:${rtxSsrc} cname:${canonicalName}`]),
]
