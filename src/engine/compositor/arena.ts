// The one memory that canvases, tiles and pictures live in, so that the kernel reaches them all.
import { kernelOver, maxMemoryPages, type Kernel } from './kernel-exports.ts'

const pageBytes = 65536
/** Below it lies what the kernel keeps for itself. */
const firstOffset = pageBytes
const alignment = 64

interface Block {
  offset: number
  bytes: number
}

/**
 * First-fit allocation in a shared WebAssembly memory. Such a memory never moves when it grows, so
 * FFmpeg's frames may point into it. Blocks are aligned to 64 bytes and are not cleared.
 */
export class Arena {
  readonly kernel: Kernel
  readonly #memory = new WebAssembly.Memory({ initial: 1, maximum: maxMemoryPages, shared: true })
  /** Sorted by offset, never adjacent. */
  readonly #free: Block[] = []
  readonly #used = new Map<number, number>()
  #end = firstOffset
  #bytes: Buffer

  constructor() {
    this.kernel = kernelOver(this.#memory)
    this.#bytes = Buffer.from(this.#memory.buffer)
  }

  /** Offset of a new block of at least `bytes` bytes. Throws beyond 1 GiB in all. */
  allocate(bytes: number): number {
    const size = Math.ceil(bytes / alignment) * alignment
    const index = this.#free.findIndex((block) => block.bytes >= size)
    const block = this.#free[index]
    const offset = block === undefined ? this.#extend(size) : block.offset
    if (block !== undefined) {
      block.offset += size
      block.bytes -= size
      if (block.bytes === 0) this.#free.splice(index, 1)
    }
    this.#used.set(offset, size)
    return offset
  }

  /** Gives a block back; nothing may point into it any more. */
  release(offset: number): void {
    const bytes = this.#used.get(offset)
    if (bytes === undefined) throw new Error(`Only an allocated block can be released (got offset ${offset}).`)
    this.#used.delete(offset)
    const after = this.#free.findIndex((block) => block.offset > offset)
    const index = after === -1 ? this.#free.length : after
    this.#free.splice(index, 0, { offset, bytes })
    this.#join(index)
    if (index > 0) this.#join(index - 1)
  }

  /** The live bytes at an offset. */
  bytes(offset: number, length: number): Buffer {
    return this.#bytes.subarray(offset, offset + length)
  }

  #extend(bytes: number): number {
    const offset = this.#end
    const missing = Math.ceil((offset + bytes - this.#bytes.length) / pageBytes)
    if (missing > 0) {
      if (this.#bytes.length / pageBytes + missing > maxMemoryPages) {
        throw new RangeError(
          `The pictures of a mix must fit into ${(maxMemoryPages * pageBytes) / 2 ** 20} MiB (needed ${offset + bytes} bytes).`,
        )
      }
      this.#memory.grow(missing)
      this.#bytes = Buffer.from(this.#memory.buffer)
    }
    this.#end += bytes
    return offset
  }

  /** Makes one block of the free one at `index` and its neighbour behind it, where they touch. */
  #join(index: number): void {
    const block = this.#free[index]
    const next = this.#free[index + 1]
    if (block === undefined || next === undefined || block.offset + block.bytes !== next.offset) return
    block.bytes += next.bytes
    this.#free.splice(index + 1, 1)
  }
}
