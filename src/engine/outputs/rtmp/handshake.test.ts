import { expect, test } from 'vitest'
import { handshakeAnswer, handshakeHello } from './handshake.ts'

test('C0 and C1 are version 3, time 0, zero and random bytes', () => {
  const [hello, other] = [handshakeHello(), handshakeHello()]
  expect(hello).toHaveLength(1537)
  expect(hello.subarray(0, 9).toString('hex')).toBe('030000000000000000')
  expect(hello.equals(other)).toBe(false)
})

test('C2 repeats S1, what follows S2 is kept', () => {
  const s1 = Buffer.alloc(1536, 7)
  const all = Buffer.concat([Buffer.of(3), s1, Buffer.alloc(1536, 8), Buffer.of(1, 2)])
  expect(handshakeAnswer(all.subarray(0, 3072))).toBeNull()
  expect(handshakeAnswer(all)).toEqual({ answer: s1, rest: Buffer.of(1, 2) })
})

test('an HTTP server is found out by its first byte', () => {
  expect(() => handshakeAnswer(Buffer.from('HTTP/1.1 400'))).toThrow('version 72')
})
