import { expect, test } from 'vitest'
import type { Picture } from '../../engine/ipc.ts'
import { PictureCache } from './picture-cache.ts'

const picture = (bytes: number): Picture => ({ widthPx: bytes / 4, heightPx: 1, rgba: new Uint8Array(bytes) })
const calm = new AbortController().signal

function cacheOf(
  maxBytes: number,
  fetch: (url: string) => Promise<Picture>,
): { cache: PictureCache; asked: string[]; clock: { ms: number } } {
  const asked: string[] = []
  const clock = { ms: 0 }
  const cache = new PictureCache({
    maxBytes,
    maxAgeMs: 1000,
    now: () => clock.ms,
    fetchPicture: (url) => {
      asked.push(url)
      return fetch(url)
    },
  })
  return { cache, asked, clock }
}

test('keeps pictures within its bytes, the least recently used go first', async () => {
  const { cache, asked } = cacheOf(1000, async () => picture(400))
  for (const url of ['a', 'b', 'a', 'c', 'a', 'b']) await cache.get(url, calm)
  expect(asked).toEqual(['a', 'b', 'c', 'b'])
  expect(cache.bytes).toBe(800)
})

test('a picture larger than the cache is handed out but not kept', async () => {
  const { cache, asked } = cacheOf(1000, async () => picture(2000))
  await cache.get('a', calm)
  expect((await cache.get('a', calm)).rgba.length).toBe(2000)
  expect(asked).toEqual(['a', 'a'])
  expect(cache.bytes).toBe(0)
})

test('fetches an old picture anew and counts it once', async () => {
  const { cache, asked, clock } = cacheOf(1000, async () => picture(400))
  await cache.get('a', calm)
  clock.ms = 1000
  await cache.get('a', calm)
  clock.ms = 1001
  await cache.get('a', calm)
  expect(asked).toEqual(['a', 'a'])
  expect(cache.bytes).toBe(400)
})

test('shares a running fetch, and one who leaves does not end it for the others', async () => {
  const fetched = Promise.withResolvers<Picture>()
  const { cache, asked } = cacheOf(1000, () => fetched.promise)
  const leaving = new AbortController()
  const [first, second] = [cache.get('a', leaving.signal), cache.get('a', calm)]
  leaving.abort(new Error('left'))
  await expect(first).rejects.toThrow('left')
  fetched.resolve(picture(4))
  expect((await second).widthPx).toBe(1)
  expect(asked).toEqual(['a'])
})

test('does not keep failures', async () => {
  let attempts = 0
  const { cache } = cacheOf(1000, async () => {
    attempts += 1
    if (attempts === 1) throw new Error('no')
    return picture(4)
  })
  await expect(cache.get('a', calm)).rejects.toThrow('no')
  expect((await cache.get('a', calm)).widthPx).toBe(1)
})

test('closing ends running fetches', async () => {
  const seen: AbortSignal[] = []
  const cache = new PictureCache({
    maxBytes: 10,
    maxAgeMs: 10,
    now: () => 0,
    fetchPicture: (_, signal) => {
      seen.push(signal)
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    },
  })
  const waiting = cache.get('a', calm)
  cache.close()
  await expect(waiting).rejects.toThrow('aborted')
  expect(seen[0]?.aborted).toBe(true)
})
