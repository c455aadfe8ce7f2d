// One publisher's picture: its newest frame.
import { Frame } from 'node-av/lib'
import type { Arena } from './arena.ts'
import type { Content, Tile } from './content.ts'
import type { Placement } from './placement.ts'
import { StreamTile } from './stream-tile.ts'

/** Holds a reference to the newest decoded frame, so that the giver may reuse its own at once. */
export class StreamSource implements Content {
  readonly opaque = true
  readonly cropStepPx = 2
  readonly frame = new Frame()
  widthPx = 0
  heightPx = 0
  identity = ''
  /** Counts the frames taken; tiles compare it with what they show. */
  version = 0
  readonly #name: string
  #closed = false

  /** `name` must differ from that of every other source of the compositor, past ones included. */
  constructor(name: string) {
    this.#name = name
    this.frame.alloc()
  }

  /** Takes a frame; whether it looks different from its predecessor in more than its samples. */
  take(frame: Frame): boolean {
    const { width, height, format } = frame
    if (width <= 0 || height <= 0) throw new Error(`A picture must have a size (got ${width} x ${height}).`)
    this.frame.unref()
    const result = this.frame.ref(frame)
    if (result < 0) throw new Error(`A decoded picture could not be kept (FFmpeg error ${result}).`)
    this.version++
    const identity = `stream ${this.#name} ${width}x${height} ${format} ${frame.colorSpace} ${frame.colorRange}`
    const changed = identity !== this.identity
    this.identity = identity
    this.widthPx = width
    this.heightPx = height
    return changed
  }

  makeTile(arena: Arena, placement: Placement): Tile {
    return new StreamTile(arena, this, placement)
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.frame.free()
  }
}
