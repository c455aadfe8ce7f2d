// Why a picture cannot be had, said for people.
import { maskUrls } from '../masked-urls.ts'

/** The message is a sentence that names the host and the reason, never path or query. */
export class PictureError extends Error {
  constructor(url: string, reason: string, cause?: unknown) {
    super(`The picture at ${maskUrls(url)} cannot be used: ${reason}.`, { cause })
  }
}
