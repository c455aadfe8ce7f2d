// The compiled kernel: its functions over a given memory. `kernel/kernel.ts` says what each does.
import { readFileSync } from 'node:fs'

/** Largest memory the kernel may be given, in pages of 64 KiB; the build of the kernel fixes it. */
export const maxMemoryPages = 16384

/** Pointers are byte offsets into the memory, strides are bytes. */
export interface Kernel {
  copyRect(dst: number, dstStride: number, src: number, srcStride: number, width: number, height: number): void
  fillRect(dst: number, dstStride: number, value: number, width: number, height: number): void
  fillChroma(dst: number, dstStride: number, value: number, x: number, y: number, width: number, height: number): void
  blendRect(
    dst: number,
    dstStride: number,
    src: number,
    srcStride: number,
    alpha: number,
    alphaStride: number,
    width: number,
    height: number,
  ): void
  rgbaToYuva(rgba: number, count: number, y: number, u: number, v: number, a: number): number
  gatherChroma(
    dst: number,
    dstStride: number,
    src: number,
    srcStride: number,
    shift: 0 | 1,
    width: number,
    height: number,
    oddX: number,
    oddY: number,
  ): void
  bt601ToBt709(y: number, yStride: number, u: number, v: number, chromaStride: number, width: number, height: number): void
}

const module = new WebAssembly.Module(readFileSync(new URL('./kernel/kernel.wasm', import.meta.url)))

/** The kernel working on `memory`, which must be shared and at most `maxMemoryPages` long. */
export function kernelOver(memory: WebAssembly.Memory): Kernel {
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernel
}
