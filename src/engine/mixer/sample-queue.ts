// Collects stereo samples of any chunk size and gives them back in frames of a fixed one.

export interface StereoSamples {
  readonly left: Float32Array
  readonly right: Float32Array
}

/** Bounded by its user: each push is followed by takes until less than a frame is left. */
export class SampleQueue {
  #left = new Float32Array(8192)
  #right = new Float32Array(8192)
  #length = 0

  push({ left, right }: StereoSamples): void {
    if (this.#length + left.length > this.#left.length) this.#grow(this.#length + left.length)
    this.#left.set(left, this.#length)
    this.#right.set(right, this.#length)
    this.#length += left.length
  }

  /** The oldest `count` samples, or null while there are fewer. */
  take(count: number): StereoSamples | null {
    if (this.#length < count) return null
    const samples = { left: this.#left.slice(0, count), right: this.#right.slice(0, count) }
    this.#left.copyWithin(0, count, this.#length)
    this.#right.copyWithin(0, count, this.#length)
    this.#length -= count
    return samples
  }

  clear(): void {
    this.#length = 0
  }

  #grow(needed: number): void {
    const larger = (samples: Float32Array): Float32Array<ArrayBuffer> => {
      const copy = new Float32Array(needed * 2)
      copy.set(samples)
      return copy
    }
    this.#left = larger(this.#left)
    this.#right = larger(this.#right)
  }
}
