// Which codecs of an offer we take, and which of a viewer's fits what a publisher sends.
import type { TrackCodec } from '../../feed/messages.ts'
import type { OfferedCodec, OfferedMedia } from './offer.ts'

/** A codec of ours with the retransmission format that goes with it. */
export interface ChosenCodec {
  readonly codec: TrackCodec
  readonly format: OfferedCodec
  readonly rtx: OfferedCodec | null
}

/** Best first: H.264 can be passed to RTMP as it is. */
const preference: Record<string, readonly TrackCodec[]> = { audio: ['opus'], video: ['h264', 'vp8'] }

/** Every codec of the medium that we can carry, best first, in the offer's order among equals. */
export function usableCodecs(media: OfferedMedia): ChosenCodec[] {
  return (preference[media.kind] ?? []).flatMap((codec) =>
    media.codecs
      .filter((format) => format.name === codec)
      .sort((a, b) => packetizationMode(b) - packetizationMode(a))
      .map((format) => ({
        codec,
        format,
        rtx:
          media.codecs.find(({ name, parameters }) => name === 'rtx' && parameterOf(parameters, 'apt') === String(format.payloadType)) ??
          null,
      })),
  )
}

/** What a publisher sends, as far as receivers must match it. */
export interface SentFormat {
  readonly codec: TrackCodec
  /** fmtp parameters as negotiated. */
  readonly parameters: string
}

/**
 * The viewer's format for a publisher's: the same H.264 profile and packetization mode
 * (RFC 6184 section 8.2.2), else the same codec; `null` when the viewer has none.
 */
export function matchingCodec(chosen: readonly ChosenCodec[], sent: SentFormat): ChosenCodec | null {
  const sameCodec = chosen.filter(({ codec }) => codec === sent.codec)
  const exact = sameCodec.find(
    ({ format }) =>
      profileOf(format.parameters) === profileOf(sent.parameters) &&
      parameterOf(format.parameters, 'packetization-mode') === parameterOf(sent.parameters, 'packetization-mode'),
  )
  return exact ?? sameCodec[0] ?? null
}

/** Value of one fmtp parameter; `undefined` without it. */
export function parameterOf(parameters: string, name: string): string | undefined {
  for (const parameter of parameters.split(';')) {
    const [key, value] = parameter.trim().split('=')
    if (key?.toLowerCase() === name) return value
  }
  return undefined
}

const packetizationMode = (format: OfferedCodec): number => Number(parameterOf(format.parameters, 'packetization-mode') ?? 0)

/** profile_idc and the constraint flags; the level may differ. */
const profileOf = (parameters: string): string | undefined => parameterOf(parameters, 'profile-level-id')?.slice(0, 4).toLowerCase()
