// What a mix is expected to cost a machine: the one table that tasks are admitted and placed by.
import type { LayoutSpec, MixSpec, VideoSpec } from './mix-spec.ts'

/**
 * Seconds of one core of a 2020s x86 server per unit of work, running live (about 1.5 times what the
 * same work costs offline with warm caches).
 */
const coefficients = {
  /** A second of any task: process, clock, feed and outputs. */
  task: 0.04,
  /** A second of mixing and AAC. */
  sound: 0.025,
  /** A second of one participant's Opus. */
  soundInput: 0.003,
  /** A million decoded pixels of a stream. */
  decodedMegapixel: 0.0027,
  /** A million source pixels scaled into a tile. */
  scaledMegapixel: 0.0006,
  /** A million canvas pixels painted. */
  paintedMegapixel: 0.0008,
  /** A million canvas pixels encoded by x264 at `veryfast`. */
  encodedMegapixel: 0.0255,
} as const

/** What is expected of a participant's camera. */
const inputMegapixels = (1280 * 720) / 1e6
/** Cameras seldom send faster, whatever the mix does. */
const maxInputFps = 30
/** Cells of a grid that are expected to be filled: rooms with a grid say nothing about their size. */
const gridInputs = 4

/** Cores the mix is expected to keep busy, e.g. about 0.6 for four cameras mixed to 1280 x 720 at 15 fps. */
export function costOf(spec: MixSpec): number {
  const inputs = spec.video === null ? gridInputs : inputsOf(spec.video.layout)
  const sound = coefficients.sound + inputs * coefficients.soundInput
  return coefficients.task + sound + (spec.video === null ? 0 : videoCost(spec.video, inputs))
}

function videoCost({ encode }: VideoSpec, inputs: number): number {
  const canvasPerSec = (encode.widthPx * encode.heightPx * encode.fps) / 1e6
  const inputPerSec = inputs * inputMegapixels * Math.min(encode.fps, maxInputFps)
  const perCanvas = coefficients.paintedMegapixel + coefficients.encodedMegapixel
  const perInput = coefficients.decodedMegapixel + coefficients.scaledMegapixel
  return canvasPerSec * perCanvas + inputPerSec * perInput
}

/** Tiles of size 0 x 0 are heard but not decoded. */
const inputsOf = (layout: LayoutSpec): number =>
  layout.kind === 'grid' ? gridInputs : layout.tiles.filter((tile) => tile.widthPx > 0 && tile.heightPx > 0).length
