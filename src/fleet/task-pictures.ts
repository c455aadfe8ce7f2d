// The pictures of one task: fetched beside the mix and handed to whichever engine runs it.
import type { Picture } from '../engine/ipc.ts'
import type { Logger } from '../log.ts'
import { ChildDied } from '../supervise/child-process.ts'
import { maskUrls } from './masked-urls.ts'

/** Fetches and decodes a picture; repeated calls for a URL should come from a cache. Rejects with a sentence for people. */
export type FetchPicture = (url: string, signal: AbortSignal) => Promise<Picture>

export interface PictureTarget {
  setPicture(url: string, picture: Picture): Promise<void>
}

/** A picture that the mix goes without. */
export interface PictureFailure {
  /** Without path and query. */
  readonly url: string
  /** Unix ms. */
  readonly at: number
  readonly message: string
}

export interface TaskPicturesOptions {
  readonly fetchPicture: FetchPicture
  readonly now: () => number
  readonly log: Logger
}

export class TaskPictures {
  readonly #options: TaskPicturesOptions
  readonly #closing = new AbortController()
  #target: PictureTarget | null = null
  /** What the target has, or will have. */
  #given = new Set<string>()
  readonly #failures = new Map<string, PictureFailure>()

  constructor(options: TaskPicturesOptions) {
    this.#options = options
  }

  /** Fetches what the target does not have yet. Called for every new engine and after every update; failed pictures are tried again. */
  provide(target: PictureTarget, urls: readonly string[]): void {
    if (target !== this.#target) this.#given.clear()
    this.#target = target
    const wanted = new Set(urls)
    for (const url of this.#given.difference(wanted)) this.#given.delete(url)
    for (const url of this.#failures.keys()) if (!wanted.has(url)) this.#failures.delete(url)
    for (const url of wanted.difference(this.#given)) void this.#give(target, url)
  }

  /** Pictures of the present spec that could not be had. */
  failures(): PictureFailure[] {
    return [...this.#failures.values()]
  }

  close(): void {
    this.#target = null
    this.#closing.abort()
  }

  async #give(target: PictureTarget, url: string): Promise<void> {
    const given = this.#given
    given.add(url)
    const isWanted = (): boolean => this.#target === target && given.has(url)
    try {
      const picture = await this.#options.fetchPicture(url, this.#closing.signal)
      if (!isWanted()) return
      await target.setPicture(url, picture)
      this.#failures.delete(url)
    } catch (error) {
      // An engine that died takes its calls with it; its successor is given everything anew.
      if (!isWanted() || error instanceof ChildDied) return
      given.delete(url)
      const failure = {
        url: maskUrls(url),
        at: this.#options.now(),
        message: maskUrls(error instanceof Error ? error.message : String(error)),
      }
      this.#failures.set(url, failure)
      this.#options.log.warn({ picture: failure.url, reason: failure.message }, 'a picture could not be had; the mix goes on without it')
    }
  }
}
