// Lets through only frames that can be decoded without damage, and asks for a key frame while none can.

/** Least time between two requests. */
const REPEAT_MS = 500

export class KeyFrameGate {
  /** Requests made so far. */
  requests = 0
  readonly #request: () => void
  #needsKeyFrame = true
  #askedAtMs = -Infinity

  /** @param request asks the publisher for a key frame */
  constructor(request: () => void) {
    this.#request = request
  }

  /** Whether frames other than key frames are held back. */
  get needsKeyFrame(): boolean {
    return this.#needsKeyFrame
  }

  /** Something was lost: nothing passes until the next key frame, which is asked for at once, then at most every 500 ms. */
  damaged(nowMs: number): void {
    this.#needsKeyFrame = true
    this.#ask(nowMs)
  }

  /** Whether a whole frame may be decoded. */
  admits(isKeyFrame: boolean, nowMs: number): boolean {
    if (isKeyFrame) this.#needsKeyFrame = false
    if (this.#needsKeyFrame) this.#ask(nowMs)
    return !this.#needsKeyFrame
  }

  #ask(nowMs: number): void {
    if (nowMs - this.#askedAtMs < REPEAT_MS) return
    this.#askedAtMs = nowMs
    this.requests += 1
    this.#request()
  }
}
