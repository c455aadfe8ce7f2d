// The mix of the cost figures: a grid of 1280 x 720 at 15 fps, as both sides build it.
import { placement } from '../src/engine/compositor/placement.ts'
import type { MixSpec, Rect, VideoEncodeSpec } from '../src/mix/mix-spec.ts'
import type { RoomRef, StreamRef } from '../src/mix/room.ts'
import type { Scene } from '../src/engine/compositor/scene.ts'
import { FPS, sizes, type SizeName } from './inputs.ts'

/** One scene of the cost figures. */
export interface MixCase {
  readonly count: 2 | 4 | 9
  readonly size: SizeName
}

export const room: RoomRef = { appId: 1, kind: 'number', name: '1' }

export const encode: VideoEncodeSpec = { widthPx: 1280, heightPx: 720, fps: FPS, bitRateKbps: 1500, gopSec: 2 }

export const audioEncode: MixSpec['audio']['encode'] = { codec: 'aac-lc', sampleRateHz: 48000, channels: 2, bitRateKbps: 64 }

export const streamOf = (index: number): StreamRef => ({ room, userId: `user-${index}`, source: 'camera' })

/** Where the tiles of 2, 4 or 9 lie; edges are even. */
export function tiles(count: MixCase['count']): Rect[] {
  const columns = count === 9 ? 3 : 2
  const rows = count / columns
  const edge = (index: number, of: number, px: number): number => 2 * Math.round((index * px) / of / 2)
  return Array.from({ length: count }, (_, index) => {
    const [column, row] = [index % columns, Math.floor(index / columns)]
    const [xPx, yPx] = [edge(column, columns, encode.widthPx), edge(row, rows, encode.heightPx)]
    return { xPx, yPx, widthPx: edge(column + 1, columns, encode.widthPx) - xPx, heightPx: edge(row + 1, rows, encode.heightPx) - yPx }
  })
}

/** The part of an input that its tile shows, the same on both sides. */
export const shownPart = ({ size }: MixCase, tile: Rect): Rect => placement(sizes[size], tile, 'crop', 2).source

/** As the compositor takes it; streams are called by their index. */
export const sceneOf = ({ count }: MixCase): Scene => ({
  widthPx: encode.widthPx,
  heightPx: encode.heightPx,
  background: { color: 0, pictureUrl: null, renderMode: 'stretch' },
  layers: tiles(count).map((rect, index) => ({
    rect,
    renderMode: 'crop',
    content: { kind: 'stream', key: `${index}`, placeholder: null },
  })),
})
