// Decoded pictures by URL, so that a new engine or a second task need not fetch them again.
import type { Picture } from '../../engine/ipc.ts'

export interface PictureCacheOptions {
  readonly fetchPicture: (url: string, signal: AbortSignal) => Promise<Picture>
  /** Pixels kept in all; the least recently asked for go first. */
  readonly maxBytes: number
  /** Older pictures are fetched anew. */
  readonly maxAgeMs: number
  /** Monotonic milliseconds. */
  readonly now: () => number
}

interface Entry {
  readonly picture: Picture
  readonly fetchedAt: number
}

/** Bounded in bytes. Callers who ask for the same URL at the same time share one fetch; failures are not kept. */
export class PictureCache {
  readonly #options: PictureCacheOptions
  /** In order of last use. */
  readonly #entries = new Map<string, Entry>()
  readonly #fetches = new Map<string, Promise<Picture>>()
  readonly #closing = new AbortController()
  #bytes = 0

  constructor(options: PictureCacheOptions) {
    this.#options = options
  }

  /** Bytes of pixels held now. */
  get bytes(): number {
    return this.#bytes
  }

  /** The picture behind a URL. Aborting rejects this call only; a fetch that others wait for goes on. */
  async get(url: string, signal: AbortSignal): Promise<Picture> {
    signal.throwIfAborted()
    const entry = this.#entries.get(url)
    if (entry !== undefined && this.#options.now() - entry.fetchedAt <= this.#options.maxAgeMs) {
      this.#entries.delete(url)
      this.#entries.set(url, entry)
      return entry.picture
    }
    const fetch = this.#fetches.get(url) ?? this.#fetch(url)
    const aborted = Promise.withResolvers<never>()
    const abort = (): void => aborted.reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    try {
      return await Promise.race([fetch, aborted.promise])
    } finally {
      signal.removeEventListener('abort', abort)
    }
  }

  /** Ends running fetches and forgets everything. */
  close(): void {
    this.#closing.abort()
    this.#entries.clear()
    this.#bytes = 0
  }

  #fetch(url: string): Promise<Picture> {
    const fetch = this.#options
      .fetchPicture(url, this.#closing.signal)
      .then((picture) => {
        this.#keep(url, picture)
        return picture
      })
      .finally(() => this.#fetches.delete(url))
    // Every caller may have gone by the time it fails.
    fetch.catch(() => {})
    this.#fetches.set(url, fetch)
    return fetch
  }

  #keep(url: string, picture: Picture): void {
    this.#drop(url)
    if (this.#closing.signal.aborted || picture.rgba.length > this.#options.maxBytes) return
    this.#entries.set(url, { picture, fetchedAt: this.#options.now() })
    this.#bytes += picture.rgba.length
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#options.maxBytes) break
      this.#drop(oldest)
    }
  }

  #drop(url: string): void {
    this.#bytes -= this.#entries.get(url)?.picture.rgba.length ?? 0
    this.#entries.delete(url)
  }
}
