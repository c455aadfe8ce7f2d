import { expect, test } from 'vitest'
import { commId } from './comm-id.ts'

test('a number room is named by its number, a string room by a number above all of these', () => {
  expect(commId({ appId: 1400000001, kind: 'number', name: '218695' }, 1590065777)).toBe('1400000001_218695_1590065777')
  const [, middle = ''] = commId({ appId: 1, kind: 'string', name: '218695' }, 5).split('_')
  expect(Number(middle)).toBeGreaterThanOrEqual(2 ** 32)
  expect(Number.isSafeInteger(Number(middle))).toBe(true)
  expect(commId({ appId: 1, kind: 'string', name: '218695' }, 5)).toBe(`1_${middle}_5`)
  expect(commId({ appId: 1, kind: 'string', name: '218696' }, 5)).not.toBe(`1_${middle}_5`)
})
