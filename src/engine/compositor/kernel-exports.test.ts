import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { Arena } from './arena.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))

/** A block of pseudo-random bytes in the arena. */
function noise(arena: Arena, length: number, seed: number): { offset: number; bytes: Buffer } {
  const offset = arena.allocate(length)
  const bytes = arena.bytes(offset, length)
  let state = seed
  for (let i = 0; i < length; i++) {
    state = (state * 48271) % 2147483647
    bytes[i] = state >> 8
  }
  return { offset, bytes }
}

test('the committed binary is what `npm run build:kernel` makes of the source', () => {
  const script =
    (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> }).scripts['build:kernel'] ?? ''
  const directory = mkdtempSync(join(tmpdir(), 'kernel-'))
  const output = join(directory, 'kernel.wasm')
  const args = script
    .split(' ')
    .slice(1)
    .map((word) => (word.endsWith('.wasm') ? output : word))
  try {
    execFileSync(process.execPath, [join(root, 'node_modules/assemblyscript/bin/asc.js'), ...args], { cwd: root })
    expect(readFileSync(output).equals(readFileSync(new URL('./kernel/kernel.wasm', import.meta.url)))).toBe(true)
  } finally {
    rmSync(directory, { recursive: true })
  }
})

test('blending follows its formula, whatever the width, and touches nothing else', () => {
  const arena = new Arena()
  for (const width of [1, 7, 15, 16, 17, 40]) {
    const [stride, height] = [64, 3]
    const [dst, src, mask] = [1, 2, 3].map((seed) => noise(arena, stride * height, seed * width)) as [Noise, Noise, Noise]
    mask.bytes.set([0, 255, 1, 254])
    // Premultiplied samples are never larger than their alpha.
    src.bytes.forEach((value, i) => (src.bytes[i] = Math.min(value, mask.bytes[i] ?? 0)))
    const before = Buffer.from(dst.bytes)
    arena.kernel.blendRect(dst.offset, stride, src.offset, stride, mask.offset, stride, width, height)
    before.forEach((under, i) => {
      const alpha = mask.bytes[i] ?? 0
      const expected = i % stride < width ? Math.min(255, (src.bytes[i] ?? 0) + Math.round((under * (255 - alpha)) / 255)) : under
      expect(dst.bytes[i]).toBe(expected)
    })
  }
})

type Noise = ReturnType<typeof noise>

test('colours become BT.709 limited range, premultiplied', () => {
  const arena = new Arena()
  const count = 512
  const rgba = noise(arena, count * 4, 5)
  rgba.bytes.set([255, 255, 255, 255, 0, 0, 0, 255, 255, 0, 0, 255, 9, 9, 9, 0])
  const planes = [0, 1, 2, 3].map(() => noise(arena, count, 7)) as [Noise, Noise, Noise, Noise]
  const [y, u, v, a] = planes
  expect(arena.kernel.rgbaToYuva(rgba.offset, count, y.offset, u.offset, v.offset, a.offset)).toBe(0)
  for (let i = 0; i < count; i++) {
    const [r, g, b, alpha] = [...rgba.bytes.subarray(4 * i, 4 * i + 4)].map((value) => value / 255) as [number, number, number, number]
    const luma = 0.2126 * r + 0.7152 * g + 0.0722 * b
    expect(Math.abs((y.bytes[i] ?? 0) - alpha * (16 + 219 * luma))).toBeLessThan(0.6)
    expect(Math.abs((u.bytes[i] ?? 0) - alpha * (128 + (224 * (b - luma)) / 1.8556))).toBeLessThan(0.6)
    expect(Math.abs((v.bytes[i] ?? 0) - alpha * (128 + (224 * (r - luma)) / 1.5748))).toBeLessThan(0.6)
    expect(a.bytes[i]).toBe(Math.round(alpha * 255))
  }
})

test('chroma under a rectangle with odd edges takes the covered share', () => {
  const arena = new Arena()
  const plane = arena.allocate(16)
  arena.bytes(plane, 16).fill(0)
  arena.kernel.fillChroma(plane, 4, 200, 1, 1, 5, 4)
  expect([...arena.bytes(plane, 16)]).toEqual([50, 100, 100, 0, 100, 200, 200, 0, 50, 100, 100, 0, 0, 0, 0, 0])
})

test('chroma of a tile at an odd place is gathered on the grid of the canvas', () => {
  const arena = new Arena()
  const source = arena.allocate(4)
  arena.bytes(source, 4).set([100, 200, 40, 80])
  const gathered = arena.allocate(9)
  // 4 x 4 luma pixels with 2 x 2 chroma samples, one pixel off the grid in x.
  arena.kernel.gatherChroma(gathered, 3, source, 2, 1, 4, 4, 1, 0)
  expect([...arena.bytes(gathered, 6)]).toEqual([50, 150, 100, 20, 60, 40])
})
