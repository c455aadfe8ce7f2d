import { expect, test } from 'vitest'
import { sequenceDifference, SequenceUnwrapper, TimestampUnwrapper, timestampDifference } from './sequence.ts'

test('differences cross the wrap in both directions', () => {
  expect(sequenceDifference(2, 65_534)).toBe(4)
  expect(sequenceDifference(65_534, 2)).toBe(-4)
  expect(sequenceDifference(7, 7)).toBe(0)
  expect(timestampDifference(100, 4_294_967_196)).toBe(200)
  expect(timestampDifference(4_294_967_196, 100)).toBe(-200)
})

test('sequence numbers run on over two wraps, reordered ones keep their place', () => {
  const unwrapper = new SequenceUnwrapper()
  expect([65_534, 65_535, 1, 0, 65_533, 2].map((number) => unwrapper.unwrap(number))).toEqual([
    65_534, 65_535, 65_537, 65_536, 65_533, 65_538,
  ])
  const places = Array.from({ length: 140_000 }, (_, index) => 65_539 + index)
  expect(places.map((place) => unwrapper.unwrap(place & 0xffff))).toEqual(places)
})

test('a packet before the first one gets a place before it', () => {
  const unwrapper = new SequenceUnwrapper()
  unwrapper.unwrap(3)
  expect(unwrapper.unwrap(65_535)).toBe(-1)
  expect(unwrapper.unwrap(4)).toBe(4)
})

test('timestamps run on over the wrap, old ones keep their place', () => {
  const unwrapper = new TimestampUnwrapper()
  expect(unwrapper.unwrap(4_294_964_296)).toBe(4_294_964_296)
  expect(unwrapper.unwrap(0)).toBe(4_294_967_296)
  expect(unwrapper.unwrap(3_000)).toBe(4_294_970_296)
  expect(unwrapper.unwrap(4_294_966_000)).toBe(4_294_966_000)
  expect(unwrapper.unwrap(6_000)).toBe(4_294_973_296)
})
