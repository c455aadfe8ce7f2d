import { expect, test } from 'vitest'
import { Arena } from './arena.ts'

test('blocks are aligned, do not overlap, and are found again after growing', () => {
  const arena = new Arena()
  const first = arena.allocate(100)
  const early = arena.bytes(first, 100)
  const second = arena.allocate(5_000_000)
  arena.bytes(second, 5_000_000).fill(9)
  early.fill(7)
  expect([first % 64, second % 64]).toEqual([0, 0])
  expect(arena.bytes(first, 100).equals(Buffer.alloc(100, 7))).toBe(true)
})

test('released neighbours become one block again', () => {
  const arena = new Arena()
  const blocks = [64, 64, 64, 64].map((bytes) => arena.allocate(bytes))
  for (const index of [0, 2, 1]) arena.release(blocks[index] ?? 0)
  expect(arena.allocate(192)).toBe(blocks[0])
})

test('random use never hands out bytes twice', () => {
  const arena = new Arena()
  const held = new Map<number, number>()
  let seed = 3
  const random = (below: number): number => {
    seed = (seed * 48271) % 2147483647
    return seed % below
  }
  for (let step = 0; step < 2000; step++) {
    const [some] = [...held.keys()].slice(random(Math.max(1, held.size)))
    if (some !== undefined && random(2) === 0) {
      arena.release(some)
      held.delete(some)
      continue
    }
    const bytes = 1 + random(5000)
    const offset = arena.allocate(bytes)
    for (const [other, length] of held) expect(offset + bytes <= other || other + length <= offset).toBe(true)
    held.set(offset, bytes)
  }
})

test('refuses to release twice and to grow without end', () => {
  const arena = new Arena()
  const block = arena.allocate(1)
  arena.release(block)
  expect(() => arena.release(block)).toThrow('allocated')
  expect(() => arena.allocate(2 ** 31)).toThrow('1024 MiB')
})
