import { expect, test } from 'vitest'
import { SendQueue } from './send-queue.ts'
import type { Tag } from './tag.ts'

const headers = { metadata: Buffer.alloc(0), video: null, audio: Buffer.alloc(0) }
const tag = (timestampMs: number, isStart = false, bytes = 10): Tag => ({
  kind: 'video',
  body: Buffer.alloc(bytes),
  timestampMs,
  isStart,
  index: 0,
  headers,
})
const rest = (queue: SendQueue): number[] => {
  const times: number[] = []
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) times.push(next.timestampMs)
  return times
}

test('begins with a start, then keeps the order', () => {
  const queue = new SendQueue()
  for (const one of [tag(0), tag(1, true), tag(2), tag(3)]) queue.push(one)
  expect(queue.bytes).toBe(30)
  expect(rest(queue)).toEqual([1, 2, 3])
  expect(queue.bytes).toBe(0)
})

test('more than eight seconds: everything before the newest key frame goes', () => {
  const queue = new SendQueue()
  for (const one of [tag(0, true), tag(2000), tag(4000, true), tag(6000), tag(8000), tag(8001)]) queue.push(one)
  expect(rest(queue)).toEqual([4000, 6000, 8000, 8001])
})

test('too many bytes within one GOP: everything goes, the next key frame is waited for', () => {
  const queue = new SendQueue()
  queue.push(tag(0, true, 10 << 20))
  queue.push(tag(1, false, 10 << 20))
  expect([queue.isEmpty, queue.bytes]).toEqual([true, 0])
  for (const one of [tag(2), tag(3, true), tag(4)]) queue.push(one)
  expect(rest(queue)).toEqual([3, 4])
})
