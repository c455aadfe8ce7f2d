// A rectangle of a layout with whose picture goes there: the result of every layout.
import type { PictureSpec, Rect, RenderMode } from './mix-spec.ts'
import type { StreamRef } from './room.ts'

export interface Region extends Rect {
  /** `null`: an unnamed tile that nobody took yet. */
  readonly stream: StreamRef | null
  readonly zOrder: number
  readonly renderMode: RenderMode
  readonly placeholder: PictureSpec | null
}
