// The mix spec: what a task must do, validated, in our own words. Nothing past it knows the wire.
import type { RoomRef, StreamRef, UserRef } from './room.ts'

/** 24-bit sRGB colour, `0xRRGGBB`. */
export type Color = number

/** What a task mixes and where it sends the result. */
export interface MixSpec {
  /** The main room, which the robot enters. */
  readonly room: RoomRef
  readonly robot: Robot
  /** Seconds without any participant taking part after which the task ends; 5 to 86400. */
  readonly maxIdleSec: number
  readonly audio: AudioSpec
  /** Absent: the output is sound only. */
  readonly video: VideoSpec | null
  /** One to ten, no URL twice. */
  readonly outputs: readonly OutputSpec[]
  /** The mix goes on and no output is connected. */
  readonly outputsPaused?: boolean
}

/** The task's own participant. */
export interface Robot {
  readonly userId: string
  /** Secret: proves the robot's identity when the engine enters the room. */
  readonly userSig: string
}

export interface AudioSpec {
  readonly encode: AudioEncodeSpec
  /** `null`: everybody in the main room is heard. */
  readonly allow: readonly AudioInput[] | null
  /** Wins over `allow`. */
  readonly block: readonly UserRef[]
}

export interface AudioEncodeSpec {
  readonly codec: 'aac-lc'
  readonly sampleRateHz: 48000 | 44100 | 32000 | 24000 | 16000 | 8000
  readonly channels: 1 | 2
  readonly bitRateKbps: number
}

export interface AudioInput extends UserRef {
  /** Linear gain, 0 to 1; 1 leaves the level as it is. */
  readonly level: number
}

export interface VideoSpec {
  readonly encode: VideoEncodeSpec
  readonly layout: LayoutSpec
  readonly background: BackgroundSpec
  readonly watermarks: readonly WatermarkSpec[]
}

export interface VideoEncodeSpec {
  /** Even, 2 to 1920. */
  readonly widthPx: number
  /** Even, 2 to 1920. */
  readonly heightPx: number
  readonly fps: number
  readonly bitRateKbps: number
  /** Key frame distance. */
  readonly gopSec: number
}

/**
 * How a picture fills a rectangle of another shape. `crop` covers it, centred; `fit` is contained
 * and leaves the bars transparent; `fit-black` paints them black; `stretch` scales both axes alone.
 */
export type RenderMode = 'crop' | 'fit' | 'fit-black' | 'stretch'

/** A picture fetched from a user's URL. */
export interface PictureSpec {
  readonly url: string
  readonly renderMode: RenderMode
}

export interface BackgroundSpec {
  readonly color: Color
  /** Wins over the colour once it is fetched. */
  readonly pictureUrl: string | null
  readonly renderMode: RenderMode
}

export type LayoutSpec = CustomLayoutSpec | GridLayoutSpec

/** Static tiles. */
export interface CustomLayoutSpec {
  readonly kind: 'custom'
  /** 1 to 16, in the caller's order. */
  readonly tiles: readonly TileSpec[]
}

/** Equal cells filled row by row in order of room entry. */
export interface GridLayoutSpec {
  readonly kind: 'grid'
  readonly renderMode: RenderMode
  /** Whether participants who send sound only get a cell. */
  readonly holdPureAudio: boolean
}

export interface TileSpec extends Rect {
  /** `null`: taken by the next entrant without a named tile. */
  readonly stream: StreamRef | null
  readonly zOrder: number
  readonly renderMode: RenderMode
  /** Shown while the tile's participant is away or sends no picture. */
  readonly placeholder: PictureSpec | null
}

/** A still picture with alpha, stretched to its rectangle. */
export interface WatermarkSpec extends Rect {
  readonly url: string
  readonly zOrder: number
}

/** Pixels from the canvas' top left corner. A 0 x 0 rectangle draws nothing. */
export interface Rect {
  readonly xPx: number
  readonly yPx: number
  readonly widthPx: number
  readonly heightPx: number
}

/** An RTMP destination. */
export interface OutputSpec {
  /** Secret in part: stream keys travel in it. Two outputs of a task never share it. */
  readonly url: string
  /** Billing label without effect on routing. */
  readonly billing: 'vendor-cdn' | 'third-party-cdn'
}
