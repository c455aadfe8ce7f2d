import { expect, test } from 'vitest'
import { Steering } from './steering.ts'

const CHUNK = 960

test.each([200, -200, 0])('an hour at %i ppm stays within 6 ms without a jump', (ppm) => {
  const steering = new Steering()
  let place = 0
  let farthest = 0
  let exact = 0
  let jumps = 0
  for (let chunk = 0; chunk < 180_000; chunk++) {
    const target = chunk * CHUNK * (1 + ppm / 1e6)
    const step = steering.next(place, target, CHUNK, false)
    jumps += step.isJump || step.from !== place ? 1 : 0
    if (Number.isInteger(step.from) && step.to === step.from + CHUNK) exact += 1
    place = step.to
    farthest = Math.max(farthest, Math.abs(target - place + CHUNK))
  }
  expect(jumps).toBe(0)
  expect(farthest).toBeLessThan(6 * 48)
  // Most of the time the sound is copied as it is.
  expect(exact).toBeGreaterThan(90_000)
})

test('far off target it jumps to a whole place; when nobody speaks it jumps for less', () => {
  const steering = new Steering()
  expect(steering.next(0, 2880.4, CHUNK, false)).toEqual({ from: 2880, to: 3840, isJump: true })
  expect(steering.next(0, 2000, CHUNK, false).isJump).toBe(false)
  expect(steering.next(0, 2000.2, CHUNK, true)).toEqual({ from: 2000, to: 2960, isJump: true })
})

test('it never bends more than 1.2 %', () => {
  const step = new Steering().next(0, 2800, CHUNK, false)
  expect(step.to).toBeCloseTo(CHUNK * 1.012, 6)
})
