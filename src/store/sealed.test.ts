import { expect, test } from 'vitest'
import { Seal, SealError } from './sealed.ts'

const seal = new Seal('master key of a test, long enough')
const place = 'tasks.spec:1'

test('what was sealed opens at its place, whatever its length', () => {
  for (const text of ['', 'a', 'ключ 🔑', 'x'.repeat(100_000)]) {
    expect(seal.open(seal.seal(text, place), place)).toBe(text)
    expect(seal.open(seal.sealSame(text, place), place)).toBe(text)
  }
})

test('nothing of the text is to be seen', () => {
  const sealed = Buffer.from(seal.seal('stream-key', place).slice(3), 'base64url')
  expect(sealed.includes('stream-key')).toBe(false)
  expect(sealed).toHaveLength(12 + 16 + 'stream-key'.length)
})

test('the same text looks different, except where rows are found by it', () => {
  expect(seal.seal('a', place)).not.toBe(seal.seal('a', place))
  expect(seal.sealSame('a', place)).toBe(seal.sealSame('a', place))
  expect(seal.sealSame('a', place)).not.toBe(seal.sealSame('b', place))
  expect(seal.sealSame('a', place)).not.toBe(seal.sealSame('a', 'tasks.spec:2'))
})

test('it opens with no other key, at no other place, and after no change', () => {
  const sealed = seal.seal('secret', place)
  expect(() => new Seal('another master key, long enough too').open(sealed, place)).toThrow(SealError)
  expect(() => seal.open(sealed, 'tasks.spec:2')).toThrow('What is stored as tasks.spec:2 cannot be opened')
  const bytes = Buffer.from(sealed.slice(3), 'base64url')
  for (const index of bytes.keys()) {
    const changed = Buffer.from(bytes)
    changed[index] = (changed[index] ?? 0) ^ 1
    expect(() => seal.open(`s1.${changed.toString('base64url')}`, place)).toThrow(SealError)
  }
  for (const other of ['', 's1.', 's1.AAAA', '{"plain":true}', `s2.${sealed.slice(3)}`])
    expect(() => seal.open(other, place)).toThrow(SealError)
})
