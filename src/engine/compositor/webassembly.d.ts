// The part of the WebAssembly JavaScript API (W3C) that the kernel needs; the types of Node 24 leave it out.

declare namespace WebAssembly {
  const Module: new (bytes: Uint8Array) => object
  const Instance: new (module: object, imports: Record<string, Record<string, unknown>>) => { readonly exports: Record<string, unknown> }
  const Memory: new (limits: { initial: number; maximum: number; shared: true }) => Memory

  interface Memory {
    readonly buffer: SharedArrayBuffer
    grow(pages: number): number
  }
}
