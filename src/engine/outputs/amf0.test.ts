import { expect, test } from 'vitest'
import { amf0Member, decodeAmf0, encodeAmf0, encodeEcmaArray } from './amf0.ts'

/** Blanks are for the reader. */
const hex = (text: string): string => text.replaceAll(' ', '')

test('what is encoded is decoded', () => {
  const values = ['connect', 1, { app: 'live', isOn: true, none: null, nested: { list: [1, 'two', undefined] } }, 'x'.repeat(70_000), false]
  expect(decodeAmf0(encodeAmf0(...values))).toEqual(values)
})

test('bytes are those of the specification', () => {
  expect(encodeAmf0('a', 1, null, { b: false }).toString('hex')).toBe(hex('02000161 003ff0000000000000 05 03 000162 0100 000009'))
  expect(encodeEcmaArray({ w: 2 }).toString('hex')).toBe(hex('08 00000001 000177 004000000000000000 000009'))
})

test('ECMA arrays and dates are read', () => {
  const date = Buffer.from(hex('0b 4000000000000000 0000'), 'hex')
  expect(decodeAmf0(Buffer.concat([encodeEcmaArray({ level: 'error' }), date]))).toEqual([{ level: 'error' }, 2])
})

test.each([
  ['text cut short', '02000561'],
  ['number cut short', '003ff0'],
  ['unknown type', '11'],
  ['object without end', '03000162'],
  ['endless nesting', '0a00000001'.repeat(40)],
])('%s is a RangeError', (_, hex) => {
  expect(() => decodeAmf0(Buffer.from(hex, 'hex'))).toThrow(RangeError)
})

test('members are read of objects only', () => {
  expect(amf0Member({ code: 'x' }, 'code')).toBe('x')
  expect([amf0Member(null, 'code'), amf0Member('text', 'length'), amf0Member([1], 'length')]).toEqual([undefined, undefined, undefined])
})
