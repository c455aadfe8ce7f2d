// What one decoded picture of a mix shows: each tile's background, how flat it is, and its time code.
import { timeCodeAgeMs, timeCodeArea } from '../../src/demo/time-code.ts'
import { toYuv } from '../../src/demo/yuv.ts'

/** Where participants stand; their pictures cover their tiles. */
export interface MixShape {
  readonly widthPx: number
  readonly heightPx: number
  readonly tiles: readonly {
    readonly xPx: number
    readonly yPx: number
    readonly widthPx: number
    readonly heightPx: number
    /** Size of what the participant sends. */
    readonly source: { readonly widthPx: number; readonly heightPx: number }
  }[]
}

export interface ShownTile {
  /** Mean of the area that holds nothing but background. */
  readonly yuv: readonly [number, number, number]
  /** Largest distance of a luma sample there from the mean. */
  readonly roughness: number
  /** White samples in a row through the lane of the moving square: its width at most, more when it leaves a trail. */
  readonly whiteInLane: number
  /** When the picture was made (Unix ms, modulo 2^24); `null`: no time code to be read. */
  readonly code: number | null
}

export interface ShownPicture {
  readonly timestampMs: number
  /** Unix ms. */
  readonly arrivedAt: number
  readonly isKeyFrame: boolean
  readonly tiles: readonly ShownTile[]
}

/** @param picture I420 without padding */
export function pictureShows(picture: Uint8Array, { widthPx, heightPx, tiles }: MixShape): ShownTile[] {
  const chromaWidth = widthPx >> 1
  const lumaBytes = widthPx * heightPx
  const planes = [
    picture.subarray(0, lumaBytes),
    picture.subarray(lumaBytes, (lumaBytes * 5) / 4),
    picture.subarray((lumaBytes * 5) / 4),
  ] as const
  return tiles.map(({ source, ...tile }) => {
    // A band above the participant's name.
    const band = {
      x: tile.xPx + tile.widthPx * 0.1,
      y: tile.yPx + tile.heightPx * 0.08,
      widthPx: tile.widthPx * 0.8,
      heightPx: tile.heightPx * 0.16,
    }
    const luma = samples(planes[0], widthPx, band)
    const half = { x: band.x / 2, y: band.y / 2, widthPx: band.widthPx / 2, heightPx: band.heightPx / 2 }
    const y = mean(luma)
    const area = timeCodeArea(source.widthPx, source.heightPx)
    const scale = Math.max(tile.widthPx / source.widthPx, tile.heightPx / source.heightPx)
    const shownArea = {
      xPx: tile.xPx + tile.widthPx / 2 + (area.xPx - source.widthPx / 2) * scale,
      yPx: tile.yPx + tile.heightPx / 2 + (area.yPx - source.heightPx / 2) * scale,
      cellPx: area.cellPx * scale,
    }
    const lane = { x: tile.xPx, y: tile.yPx + tile.heightPx * 0.75, widthPx: tile.widthPx, heightPx: 2 }
    const age = timeCodeAgeMs(planes[0], widthPx, shownArea, 0)
    return {
      yuv: [y, mean(samples(planes[1], chromaWidth, half)), mean(samples(planes[2], chromaWidth, half))],
      roughness: luma.reduce((most, sample) => Math.max(most, Math.abs(sample - y)), 0),
      whiteInLane: samples(planes[0], widthPx, lane).filter((sample) => sample > y + 60).length,
      code: age === null ? null : (2 ** 24 - age) % 2 ** 24,
    }
  })
}

/** Whether a tile's background is a colour (0xRRGGBB), as far as H.264 keeps it. */
export function isColor(tile: ShownTile | undefined, color: number): boolean {
  const { y, u, v } = toYuv(color)
  return [y, u, v].every((value, index) => Math.abs(value - (tile?.yuv[index] ?? -99)) <= 10)
}

interface Area {
  readonly x: number
  readonly y: number
  readonly widthPx: number
  readonly heightPx: number
}

function samples(plane: Uint8Array, stride: number, { x, y, widthPx, heightPx }: Area): number[] {
  const found: number[] = []
  for (let row = Math.ceil(y); row < y + heightPx - 1; row++)
    found.push(...plane.subarray(row * stride + Math.ceil(x), row * stride + Math.floor(x + widthPx)))
  return found
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
