// Which simulcast layer a receiver gets: as small as its picture allows, as large as its network allows.
import type { PictureSize } from '../rtp/picture-size.ts'

/** What the choice needs to know of a layer. */
export interface LayerView {
  readonly size: PictureSize | null
  readonly bitRateKbps: number
  /** Milliseconds of the monotonic clock. */
  readonly lastPacketAt: number
}

export interface LayerWish {
  /** How large the picture is shown; `null`: as large as it comes. */
  readonly size: PictureSize | null
  /** Highest number of layers, counted from the smallest, the network carries. */
  readonly maxLayers: number
}

/** A layer silent for this long was switched off by its publisher. */
const SILENT_AFTER_MS = 1_000

/**
 * The smallest live layer no smaller than the wish, else the largest live one. `null` without layers.
 * @param layers in the order their publisher announced or sent them
 */
export function chooseLayer<Layer extends LayerView>(layers: readonly Layer[], wish: LayerWish, nowMs: number): Layer | null {
  const newest = Math.max(...layers.map(({ lastPacketAt }) => lastPacketAt))
  // Compared with the newest, so that a peer that is silent altogether keeps its layers.
  const live = layers.filter(({ lastPacketAt }) => Math.min(nowMs, newest) - lastPacketAt < SILENT_AFTER_MS)
  const rising = live.toSorted((a, b) => magnitude(a) - magnitude(b)).slice(0, Math.max(1, wish.maxLayers))
  const { size } = wish
  const fitting =
    size === null
      ? undefined
      : rising.find((layer) => layer.size !== null && layer.size.widthPx >= size.widthPx && layer.size.heightPx >= size.heightPx)
  return fitting ?? rising.at(-1) ?? null
}

/** Layers without a known size stand below those with one. */
const magnitude = ({ size, bitRateKbps }: LayerView): number => (size === null ? bitRateKbps / 1e9 : size.widthPx * size.heightPx)
