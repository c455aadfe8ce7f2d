import { expect, test } from 'vitest'
import { GopCache } from './gop-cache.ts'
import type { Tag } from './tag.ts'

const headers = { metadata: Buffer.alloc(0), video: null, audio: Buffer.alloc(0) }
const tag = (timestampMs: number, isStart = false, bytes = 1): Tag => ({
  kind: 'video',
  body: Buffer.alloc(bytes),
  timestampMs,
  isStart,
  index: 0,
  headers,
})
const times = (cache: GopCache): number[] => cache.tags().map((one) => one.timestampMs)

test('holds what came since the last key frame', () => {
  const cache = new GopCache()
  cache.push(tag(0))
  expect(times(cache)).toEqual([])
  for (const one of [tag(1, true), tag(2), tag(3, true), tag(4)]) cache.push(one)
  expect(times(cache)).toEqual([3, 4])
})

test('over its bound it is empty until the next key frame', () => {
  const cache = new GopCache()
  for (const one of [tag(0, true, 8 << 20), tag(1, false, 8 << 20), tag(2)]) cache.push(one)
  expect(times(cache)).toEqual([])
  cache.push(tag(3, true))
  expect(times(cache)).toEqual([3])
})
