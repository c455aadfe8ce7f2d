import { expect, test } from 'vitest'
import type { Rect } from '../../mix/mix-spec.ts'
import { DirtyRects } from './dirty-rects.ts'
import { contains, evenAround, evenWithin, intersection, subtract } from './rects.ts'

const rect = (xPx: number, yPx: number, widthPx: number, heightPx: number): Rect => ({ xPx, yPx, widthPx, heightPx })

test('what is left after taking a rectangle away covers exactly the rest, without overlap', () => {
  const from = rect(2, 2, 6, 5)
  for (let x = 0; x < 9; x++) {
    for (let y = 0; y < 9; y++) {
      for (const [width, height] of [
        [1, 1],
        [3, 2],
        [2, 9],
        [9, 9],
      ] as const) {
        const taken = rect(x, y, width, height)
        const pieces = subtract(from, taken)
        for (let px = 0; px < 10; px++) {
          for (let py = 0; py < 10; py++) {
            const pixel = rect(px, py, 1, 1)
            const expected = contains(from, pixel) && !contains(taken, pixel) ? 1 : 0
            expect(pieces.filter((piece) => contains(piece, pixel)).length).toBe(expected)
          }
        }
      }
    }
  }
})

test('rectangles that only touch share nothing', () => {
  expect(intersection(rect(0, 0, 4, 4), rect(4, 0, 4, 4))).toBeNull()
  expect(intersection(rect(0, 0, 4, 4), rect(3, 1, 4, 4))).toEqual(rect(3, 1, 1, 3))
})

test('even edges around and within', () => {
  expect(evenAround(rect(3, 2, 4, 3))).toEqual(rect(2, 2, 6, 4))
  expect(evenWithin(rect(3, 2, 4, 3))).toEqual(rect(4, 2, 2, 2))
})

test('dirty rectangles swallow what lies in them, stay on the canvas and are bounded', () => {
  const dirty = new DirtyRects(rect(0, 0, 400, 400))
  dirty.add(rect(10, 10, 20, 20))
  dirty.add(rect(12, 12, 2, 2))
  dirty.add(rect(501, 0, 9, 9))
  dirty.add(rect(391, 391, 50, 50))
  expect(dirty.take()).toEqual([rect(10, 10, 20, 20), rect(390, 390, 10, 10)])
  dirty.add(rect(10, 10, 4, 4))
  dirty.add(rect(0, 0, 40, 40))
  expect(dirty.take()).toEqual([rect(0, 0, 40, 40)])
  for (let i = 0; i < 100; i++) dirty.add(rect(4 * i, 0, 2, 2))
  expect(dirty.take()).toContainEqual(rect(0, 0, 400, 400))
  expect(dirty.take()).toEqual([])
})
