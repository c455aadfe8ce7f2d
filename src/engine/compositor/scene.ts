// What the compositor paints: a canvas and its layers, in our own words, with no clock and no room.
import type { BackgroundSpec, Rect, RenderMode } from '../../mix/mix-spec.ts'

export interface Scene {
  /** Even. */
  readonly widthPx: number
  readonly heightPx: number
  readonly background: BackgroundSpec
  /** In paint order: later ones cover earlier ones. */
  readonly layers: readonly SceneLayer[]
}

export interface SceneLayer {
  readonly rect: Rect
  readonly renderMode: RenderMode
  readonly content:
    /** The newest frame given to `Compositor.update` under this key; nothing before the first. */
    | {
        readonly kind: 'stream'
        readonly key: string
        readonly placeholder: { readonly url: string; readonly renderMode: RenderMode } | null
      }
    /** A still picture given to `Compositor.setPicture`; nothing until it is there. */
    | { readonly kind: 'picture'; readonly url: string }
}
