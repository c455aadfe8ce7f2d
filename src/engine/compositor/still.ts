// A still picture, kept as premultiplied planes with one sample a pixel.
import type { Picture } from '../ipc.ts'
import { ArenaFrame } from './arena-frame.ts'
import type { Arena } from './arena.ts'
import type { Content, Tile } from './content.ts'
import type { Placement } from './placement.ts'
import { StillTile } from './still-tile.ts'

/** Converts a picture once; every size of it is made from that. */
export class Still implements Content {
  readonly identity: string
  readonly widthPx: number
  readonly heightPx: number
  readonly opaque: boolean
  readonly cropStepPx = 1
  /** Y, U, V and A in full resolution, the first three premultiplied, offsets included. */
  readonly planes: ArenaFrame

  /** `identity` must differ from that of every other picture of the arena. */
  constructor(arena: Arena, identity: string, { widthPx, heightPx, rgba }: Picture) {
    if (widthPx < 1 || heightPx < 1 || rgba.length !== widthPx * heightPx * 4) {
      throw new Error(`A picture of ${widthPx} x ${heightPx} must have ${widthPx * heightPx * 4} bytes of RGBA (got ${rgba.length}).`)
    }
    this.identity = `picture ${identity}`
    this.widthPx = widthPx
    this.heightPx = heightPx
    this.planes = new ArenaFrame(arena, 'yuva444', widthPx, heightPx)
    const rowBytes = widthPx * 4
    const scratch = arena.allocate(rowBytes)
    const row = arena.bytes(scratch, rowBytes)
    let leastAlpha = 255
    for (let y = 0; y < heightPx; y++) {
      row.set(rgba.subarray(y * rowBytes, (y + 1) * rowBytes))
      const [yAt, uAt, vAt, aAt] = [0, 1, 2, 3].map((plane) => this.planes.at(plane, 0, y)) as [number, number, number, number]
      leastAlpha = Math.min(leastAlpha, arena.kernel.rgbaToYuva(scratch, widthPx, yAt, uAt, vAt, aAt))
    }
    arena.release(scratch)
    this.opaque = leastAlpha === 255
  }

  makeTile(arena: Arena, placement: Placement): Tile {
    return new StillTile(arena, this, placement)
  }

  close(): void {
    this.planes.close()
  }
}
