import { expect, test } from 'vitest'
import { StallWatch } from './stall-watch.ts'

function watch(): { watch: StallWatch; at: (ms: number) => void } {
  let nowMs = 0
  return { watch: new StallWatch(5000, 1000, () => nowMs), at: (ms) => void (nowMs = ms) }
}

test('a socket that holds back bytes for the whole time is stalled', () => {
  const { watch: one, at } = watch()
  one.wrote(500, 500)
  at(4999)
  expect(one.isStalled(500)).toBe(false)
  at(5000)
  expect(one.isStalled(500)).toBe(true)
})

test('any byte taken is progress', () => {
  const { watch: one, at } = watch()
  one.wrote(500, 500)
  at(4000)
  one.drained(499)
  at(8999)
  expect(one.isStalled(499)).toBe(false)
  at(9000)
  expect(one.isStalled(499)).toBe(true)
})

test('a pause of ours is not the server standing still', () => {
  const { watch: one, at } = watch()
  one.wrote(500, 0)
  at(60_000)
  one.wrote(500, 500)
  expect(one.isStalled(500)).toBe(false)
})

test('acknowledgements that stay away are a stall although the kernel takes everything', () => {
  const { watch: one, at } = watch()
  for (let count = 1; count <= 3; count++) {
    at(count * 1000)
    one.wrote(1000, 0)
    one.acknowledged(count * 1000)
  }
  one.wrote(2000, 0)
  at(60_000)
  expect(one.isStalled(0), 'two windows are on their way in any case').toBe(false)
  one.wrote(1, 0)
  expect(one.isStalled(0)).toBe(true)
})

test('a server that never acknowledges, or does so rarely, is not suspected', () => {
  const never = watch()
  never.watch.wrote(1_000_000, 0)
  never.at(60_000)
  expect(never.watch.isStalled(0)).toBe(false)

  const rarely = watch()
  rarely.watch.wrote(50_000, 0)
  rarely.watch.acknowledged(50_000)
  rarely.watch.wrote(99_000, 0)
  rarely.at(60_000)
  expect(rarely.watch.isStalled(0)).toBe(false)
})

test('acknowledged sequence numbers wrap at 2^32', () => {
  const { watch: one, at } = watch()
  one.wrote(2 ** 32 + 500, 0)
  one.acknowledged(2 ** 32 - 500)
  one.acknowledged(500)
  at(60_000)
  expect(one.isStalled(0)).toBe(false)
})
