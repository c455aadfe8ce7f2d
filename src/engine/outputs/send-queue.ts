// What one destination has yet to be sent. When it falls behind, it is brought back to a key frame.
import type { Tag } from './tag.ts'

/** A little more than the longest GOP with what came while it was sent. */
const MAX_MS = 8000
const MAX_BYTES = 16 * 1024 * 1024

/**
 * Drop policy `drop-to-key-frame`: over its bounds the queue forgets everything up to the newest
 * start (key frame; any sound packet in a stream without picture), or everything, and then waits
 * for the next start.
 */
export class SendQueue {
  #tags: Tag[] = []
  #bytes = 0
  #needsStart = true

  get bytes(): number {
    return this.#bytes
  }

  get isEmpty(): boolean {
    return this.#tags.length === 0
  }

  push(tag: Tag): void {
    if (this.#needsStart && !tag.isStart) return
    this.#needsStart = false
    this.#tags.push(tag)
    this.#bytes += tag.body.length
    if (this.#bytes > MAX_BYTES || tag.timestampMs - (this.#tags[0]?.timestampMs ?? 0) > MAX_MS) this.#dropToKeyFrame()
  }

  shift(): Tag | undefined {
    const tag = this.#tags.shift()
    if (tag !== undefined) this.#bytes -= tag.body.length
    return tag
  }

  /** Forgets everything; the next tag to be taken is a start. */
  clear(): void {
    this.#tags = []
    this.#bytes = 0
    this.#needsStart = true
  }

  #dropToKeyFrame(): void {
    const newest = this.#tags.findLastIndex((tag) => tag.isStart)
    const kept = newest > 0 ? this.#tags.slice(newest) : []
    this.clear()
    for (const tag of kept) this.push(tag)
  }
}
