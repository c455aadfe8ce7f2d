import { expect, test } from 'vitest'
import { RecordCache } from './record-cache.ts'

function setUp(limit = 2) {
  const loaded: string[] = []
  const values = new Map(['a', 'b', 'c'].map((key) => [key, `${key}1`]))
  const cache = new RecordCache(limit, async (key: string) => {
    loaded.push(key)
    return values.get(key) ?? null
  })
  return { cache, loaded, values }
}

test('what was found is remembered until something changes; what was not is looked for again', async () => {
  const { cache, loaded, values } = setUp()
  expect([await cache.get('a'), await cache.get('a'), await cache.get('x'), await cache.get('x')]).toEqual(['a1', 'a1', null, null])
  expect(loaded.join('')).toBe('axx')
  values.set('a', 'a2')
  cache.clear()
  expect(await cache.get('a')).toBe('a2')
})

test('beyond its limit it forgets what was used longest ago', async () => {
  const { cache, loaded } = setUp()
  for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) await cache.get(key)
  expect(loaded.join('')).toBe('abcb')
})

test('what was read before a change is not remembered after it', async () => {
  const reads = [Promise.withResolvers<string>(), Promise.withResolvers<string>()]
  let count = 0
  const cache = new RecordCache(2, async () => (await reads[count++]?.promise) ?? null)
  const early = cache.get('a')
  cache.clear()
  reads[0]?.resolve('old')
  expect(await early).toBe('old')
  const late = cache.get('a')
  reads[1]?.resolve('new')
  expect(await late).toBe('new')
  expect(await cache.get('a')).toBe('new')
})
