// What a moment of mixing counts as: a tier by the pixels that come in, as the vendor meters (relay-api 15).
import type { VideoEncodeSpec } from './mix-spec.ts'

const pictureTiers = ['sd', 'hd', 'full-hd', '2k', '4k'] as const
const codecs = ['h264', 'h265'] as const

export type UsageTier = 'audio' | `${(typeof pictureTiers)[number]}-${(typeof codecs)[number]}`

/** Lowest first, within a codec. */
export const usageTiers: readonly UsageTier[] = [
  'audio',
  ...codecs.flatMap((codec) => pictureTiers.map((tier) => `${tier}-${codec}` as const)),
]

/** The most pixels of a tier; more than the last is the last. */
const mostPixels: Record<(typeof pictureTiers)[number], number> = {
  sd: 640 * 480,
  hd: 1280 * 720,
  'full-hd': 1920 * 1080,
  '2k': 2560 * 1440,
  '4k': 4096 * 2176,
}

export interface PictureSize {
  readonly widthPx: number
  readonly heightPx: number
}

/**
 * Pixels that are metered: those of all inputs together. An output of more than twice as many counts as one more input,
 * and where no picture comes in at all a black one of the output's size does.
 */
export function meteredPixels(inputs: readonly PictureSize[], output: PictureSize): number {
  const incoming = inputs.reduce((sum, { widthPx, heightPx }) => sum + widthPx * heightPx, 0)
  const outgoing = output.widthPx * output.heightPx
  return outgoing > 2 * incoming ? incoming + outgoing : incoming
}

/**
 * The tier of a moment.
 * @param inputs pictures that come in; those that never showed anything have size 0
 * @param output `null`: sound only, which is one stream of sound however many speak, or nobody
 */
export function usageTier(inputs: readonly PictureSize[], output: VideoEncodeSpec | null): UsageTier {
  if (output === null) return 'audio'
  const pixels = meteredPixels(inputs, output)
  return `${pictureTiers.find((tier) => pixels <= mostPixels[tier]) ?? '4k'}-h264`
}
