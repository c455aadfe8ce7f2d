// The tags since the last key frame: what a server that connects now is given first.
import type { Tag } from './tag.ts'

/** Five seconds at the highest rates are 6.5 MB. */
const MAX_BYTES = 12 * 1024 * 1024

/** Beyond its bound the cache empties itself; a server then starts with the next key frame. */
export class GopCache {
  readonly #tags: Tag[] = []
  #bytes = 0

  push(tag: Tag): void {
    if (tag.isStart) this.clear()
    else if (this.#tags.length === 0) return
    this.#tags.push(tag)
    this.#bytes += tag.body.length
    if (this.#bytes > MAX_BYTES) this.clear()
  }

  /** Begins with a key frame if it is not empty. */
  tags(): readonly Tag[] {
    return this.#tags
  }

  clear(): void {
    this.#tags.length = 0
    this.#bytes = 0
  }
}
