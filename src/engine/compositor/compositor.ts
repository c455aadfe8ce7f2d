// The compositor: a scene, the newest pictures for it, and the canvases they are painted on.
import { AV_PIX_FMT_YUV420P } from 'node-av/constants'
import type { Frame } from 'node-av/lib'
import type { Picture } from '../ipc.ts'
import { Arena } from './arena.ts'
import { arrange, type Showing } from './arrange.ts'
import { bt709Of } from './bt709-color.ts'
import { Canvas, type PaintedLayer } from './canvas.ts'
import type { Tile } from './content.ts'
import { intersection } from './rects.ts'
import type { Scene, SceneLayer } from './scene.ts'
import { Still } from './still.ts'
import { StreamSource } from './stream-source.ts'

export interface Rendered {
  /** I420, BT.709, limited range, tagged so; stays untouched during the next `render`. */
  readonly frame: Frame
  /** Whether it can differ from the picture rendered before. */
  readonly changed: boolean
}

/**
 * Paints scenes. Knows no clock and no room: pictures come in by key whenever they like, `render`
 * gives the picture of now. A source is scaled at most once per new picture and only while it can be
 * seen; only what changed is repainted. Two canvases are used in turn, so that an encoder may still
 * read one while the next is painted.
 */
export class Compositor {
  readonly #arena = new Arena()
  readonly #sources = new Map<string, StreamSource>()
  readonly #stills = new Map<string, Still>()
  readonly #tiles = new Map<string, Tile>()
  /** Canvases of a former size, with how many renders ago they were given up. */
  #retired: { canvas: Canvas; renders: number }[] = []
  #canvases: [Canvas, Canvas]
  #scene: Scene
  #layers: PaintedLayer[] = []
  /** Tells sources and stills apart that came under the same name. */
  #serial = 0
  /** The layers no longer follow from scene, sources and stills. */
  #stale = true
  #changed = true
  #shown: Frame | null = null
  #closed = false

  constructor(scene: Scene) {
    this.#scene = scene
    this.#canvases = this.#newCanvases(scene)
  }

  /** Shows another scene from the next `render` on; what still fits of the old one's work is kept. */
  setScene(scene: Scene): void {
    const { widthPx, heightPx } = this.#scene
    this.#scene = scene
    if (scene.widthPx !== widthPx || scene.heightPx !== heightPx) {
      for (const canvas of this.#canvases) this.#retired.push({ canvas, renders: 0 })
      this.#canvases = this.#newCanvases(scene)
    }
    this.#rearrange()
  }

  /** Hands in the picture behind a URL, replacing an earlier one; the bytes are copied. */
  setPicture(url: string, picture: Picture): void {
    const still = new Still(this.#arena, `${++this.#serial}`, picture)
    this.#stills.get(url)?.close()
    this.#stills.set(url, still)
    this.#rearrange()
  }

  /** Drops pictures that no URL of `urls` names. */
  keepPictures(urls: readonly string[]): void {
    for (const [url, still] of this.#stills) {
      if (urls.includes(url)) continue
      still.close()
      this.#stills.delete(url)
      this.#rearrange()
    }
  }

  /**
   * Takes a stream's newest decoded picture, of any size and of any pixel format that swscale reads.
   * A reference is kept: the caller may unreference or reuse its own frame at once.
   */
  update(streamKey: string, frame: Frame): void {
    const known = this.#sources.get(streamKey)
    const source = known ?? new StreamSource(`${++this.#serial}`)
    if (known === undefined) this.#sources.set(streamKey, source)
    if (source.take(frame)) this.#rearrange()
  }

  /** The stream shows nothing any more: its placeholder comes back, or what lies beneath. */
  forget(streamKey: string): void {
    const source = this.#sources.get(streamKey)
    if (source === undefined) return
    source.close()
    this.#sources.delete(streamKey)
    this.#rearrange()
  }

  /** The picture of now. */
  render(): Rendered {
    if (this.#closed) throw new Error('A closed compositor renders nothing.')
    this.#retire()
    if (this.#stale) this.#arrange()
    this.#refresh()
    const [canvas, other] = this.#canvases
    canvas.paint(this.#layers, bt709Of(this.#scene.background.color))
    this.#canvases = [other, canvas]
    this.#shown = canvas.frame
    const changed = this.#changed
    this.#changed = false
    return { frame: canvas.frame, changed }
  }

  /** The picture rendered last; `null` before the first. */
  get shown(): Frame | null {
    return this.#shown
  }

  /** A stream's newest picture as it came, if it is of the format of canvases; to be read at once. */
  streamFrame(streamKey: string): Frame | null {
    const frame = this.#sources.get(streamKey)?.frame
    return frame?.format === AV_PIX_FMT_YUV420P ? frame : null
  }

  /** Frees everything, rendered frames included. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#shown = null
    for (const owned of [...this.#tiles.values(), ...this.#stills.values(), ...this.#sources.values(), ...this.#canvases]) owned.close()
    for (const { canvas } of this.#retired) canvas.close()
  }

  #newCanvases({ widthPx, heightPx }: Scene): [Canvas, Canvas] {
    const make = (): Canvas => new Canvas(this.#arena, widthPx, heightPx)
    return [make(), make()]
  }

  #rearrange(): void {
    this.#stale = true
    this.#changed = true
  }

  #arrange(): void {
    this.#stale = false
    const unused = new Map(this.#tiles)
    this.#layers = arrange(this.#scene, (layer) => this.#showing(layer)).map((layer) => {
      if (layer.visible.length === 0) return { ...layer, tile: null }
      const { content, placement } = layer
      const { xPx, yPx, widthPx, heightPx } = placement.target
      const { source } = placement
      const recipe = [content.identity, source.xPx, source.yPx, source.widthPx, source.heightPx, widthPx, heightPx, xPx & 1, yPx & 1].join(
        ' ',
      )
      unused.delete(recipe)
      const tile = this.#tiles.get(recipe) ?? content.makeTile(this.#arena, placement)
      this.#tiles.set(recipe, tile)
      return { ...layer, tile }
    })
    for (const [recipe, tile] of unused) {
      tile.close()
      this.#tiles.delete(recipe)
    }
    const { widthPx, heightPx } = this.#scene
    for (const canvas of this.#canvases) canvas.dirty.add({ xPx: 0, yPx: 0, widthPx, heightPx })
  }

  /** Brings what can be seen up to date and marks it on both canvases. */
  #refresh(): void {
    const fresh = new Set([...this.#tiles.values()].filter((tile) => tile.refresh()))
    if (fresh.size === 0) return
    this.#changed = true
    for (const { tile, placement, visible } of this.#layers) {
      if (tile === null || !fresh.has(tile)) continue
      for (const piece of visible) {
        const painted = intersection(piece, placement.target)
        if (painted !== null) for (const canvas of this.#canvases) canvas.dirty.add(painted)
      }
    }
  }

  #showing({ content, renderMode }: SceneLayer): Showing | null {
    const live = content.kind === 'stream' ? this.#sources.get(content.key) : this.#stills.get(content.url)
    if (live !== undefined) return { content: live, renderMode }
    const placeholder = content.kind === 'stream' ? content.placeholder : null
    const still = placeholder === null ? undefined : this.#stills.get(placeholder.url)
    return still === undefined || placeholder === null ? null : { content: still, renderMode: placeholder.renderMode }
  }

  #retire(): void {
    for (const retired of this.#retired) retired.renders++
    for (const { canvas } of this.#retired.filter(({ renders }) => renders > 1)) canvas.close()
    this.#retired = this.#retired.filter(({ renders }) => renders <= 1)
  }
}
