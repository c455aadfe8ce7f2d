// Arithmetic on what a player got: rhythm of timestamps, and how they stand to the wall clock.
import { expect } from 'vitest'
import type { PlayedPicture } from '../support/mix-player.ts'
import type { ShownPicture } from '../support/shown-picture.ts'

/** How much later than its timestamp says pictures came: the median, ms; only differences mean something. */
export const medianLag = (pictures: readonly Pick<PlayedPicture, 'timestampMs' | 'arrivedAt'>[]): number => {
  const lags = pictures.map(({ timestampMs, arrivedAt }) => arrivedAt - timestampMs).sort((one, other) => one - other)
  const median = lags[lags.length >> 1]
  if (median === undefined) throw new Error('There are no pictures.')
  return median
}

/** Distances from each timestamp to the next. */
export const distances = (pictures: readonly { readonly timestampMs: number }[]): number[] =>
  pictures.slice(1).map(({ timestampMs }, index) => timestampMs - (pictures[index]?.timestampMs ?? 0))

/** Fails unless pictures and sounds rise, and stand to the wall clock after `at` (Unix ms) as they did before. */
export function expectOneTimeLine(
  { pictures, sounds }: { pictures: readonly PlayedPicture[]; sounds: readonly Omit<PlayedPicture, 'isKeyFrame'>[] },
  at: number,
): void {
  expect(Math.min(...distances(pictures))).toBeGreaterThan(0)
  expect(Math.min(...distances(sounds))).toBeGreaterThan(0)
  for (const packets of [pictures, sounds]) {
    const before = medianLag(packets.filter(({ arrivedAt }) => arrivedAt > at - 2000 && arrivedAt < at))
    const after = medianLag(packets.slice(-25))
    expect(Math.abs(after - before)).toBeLessThan(100)
  }
}

/** The longest output time, around and after `at` (Unix ms), between two pictures for which `isRight` holds, ms. */
export function gapMs(pictures: readonly ShownPicture[], at: number, isRight: (picture: ShownPicture) => boolean): number {
  const right = pictures.filter((picture) => picture.arrivedAt > at - 1000 && isRight(picture))
  // Right again at the end, or the gap would have no end.
  const [first, last] = [right[0], right.at(-1)]
  if (first === undefined || last === undefined || first.arrivedAt > at || last !== pictures.at(-1))
    throw new Error('Pictures are not right before the fault and at the end.')
  return Math.max(...distances(right))
}
