import { expect, test } from 'vitest'
import type { Rect, RenderMode } from '../../mix/mix-spec.ts'
import { placement } from './placement.ts'
import { contains } from './rects.ts'

const rect = (xPx: number, yPx: number, widthPx: number, heightPx: number): Rect => ({ xPx, yPx, widthPx, heightPx })
const modes: readonly RenderMode[] = ['crop', 'fit', 'fit-black', 'stretch']

test.each([
  ['crop', [1280, 720], rect(0, 0, 640, 720), rect(320, 0, 640, 720), rect(0, 0, 640, 720)],
  ['crop', [720, 1280], rect(10, 20, 320, 180), rect(0, 437 - 1, 720, 406), rect(10, 20, 320, 180)],
  ['fit', [640, 480], rect(0, 0, 1280, 720), rect(0, 0, 640, 480), rect(160, 0, 960, 720)],
  ['fit-black', [720, 1280], rect(100, 100, 320, 180), rect(0, 0, 720, 1280), rect(210, 100, 102, 180)],
  ['stretch', [640, 480], rect(3, 5, 77, 99), rect(0, 0, 640, 480), rect(3, 5, 77, 99)],
] as const)('%s of %j', (mode, [widthPx, heightPx], place, source, target) => {
  expect(placement({ widthPx, heightPx }, place, mode, 2)).toEqual({ source, target })
})

test('every picture in every rectangle: inside both, filling what the mode says, in nearly the right shape', () => {
  const sizes = [1, 2, 3, 16, 99, 360, 1281].flatMap((widthPx) => [1, 2, 5, 90, 361, 720].map((heightPx) => ({ widthPx, heightPx })))
  for (const picture of sizes) {
    for (const place of [rect(0, 0, 640, 360), rect(31, 7, 101, 333), rect(5, 5, 1, 1), rect(2, 2, 2, 300), rect(10, 10, 3, 2)]) {
      for (const mode of modes) {
        for (const step of [1, 2] as const) {
          const { source, target } = placement(picture, place, mode, step)
          expect(contains(rect(0, 0, picture.widthPx, picture.heightPx), source)).toBe(true)
          expect(contains(place, target)).toBe(true)
          expect(Math.min(source.widthPx, source.heightPx, target.widthPx, target.heightPx)).toBeGreaterThan(0)
          if (mode === 'crop' || mode === 'stretch') expect(target).toEqual(place)
          else expect(target.widthPx === place.widthPx || target.heightPx === place.heightPx).toBe(true)
          if (mode === 'crop') expect([source.xPx % step, source.yPx % step]).toEqual([0, 0])
        }
      }
    }
  }
})
