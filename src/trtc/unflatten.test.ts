import { expect, test } from 'vitest'
import { unflatten } from './unflatten.ts'

const of = (query: string) => unflatten(new URLSearchParams(query))

test('members, arrays of objects and arrays of texts', () => {
  expect(of('A=1&B.C.D=x&L.0.N=a&L.1.N=b&T.1=q&T.0=p')).toEqual({
    A: '1',
    B: { C: { D: 'x' } },
    L: [{ N: 'a' }, { N: 'b' }],
    T: ['p', 'q'],
  })
})

test('gaps close up in order of index, not of text', () => {
  expect(of('L.10=c&L.2=b&L.0=a')).toEqual({ L: ['a', 'b', 'c'] })
})

test.each([
  ['L.1001=a', 'Index 1001 of L must be at most 1000.'],
  ['A=1&A=2', 'must be given once'],
  ['A=1&A.B=2', 'must not stand below a parameter that has a value'],
  ['A.B=2&A=1', 'must be given once'],
  [`${Array(17).fill('a').join('.')}=1`, 'at most 16 parts'],
])('%s is refused', (query, message) => {
  expect(() => of(query)).toThrow(expect.objectContaining({ code: 'InvalidParameter', message: expect.stringContaining(message) }))
})

test('names of prototypes are names like others', () => {
  expect(Object.entries(of('__proto__.x=1') as object)).toEqual([['__proto__', { x: '1' }]])
  expect(({} as { x?: string }).x).toBeUndefined()
})
