import { expect, test } from 'vitest'
import { Downlink } from './downlink.ts'

test('one lossy report changes nothing, two take a layer away', () => {
  const downlink = new Downlink()
  downlink.reported(0.3, 3, 0)
  downlink.reported(0, 3, 1_000)
  downlink.reported(0.3, 3, 2_000)
  expect(downlink.maxLayers).toBe(Number.POSITIVE_INFINITY)
  downlink.reported(0.3, 3, 3_000)
  expect(downlink.maxLayers).toBe(2)
})

test('after 8 s without loss one more is tried; a failed attempt doubles the wait', () => {
  const downlink = new Downlink()
  for (const nowMs of [0, 1_000]) downlink.reported(0.3, 3, nowMs)
  downlink.reported(0, 2, 8_900)
  expect(downlink.maxLayers).toBe(2)
  downlink.reported(0, 2, 9_000)
  expect(downlink.maxLayers).toBe(3)
  for (const nowMs of [10_000, 11_000]) downlink.reported(0.2, 3, nowMs)
  expect(downlink.maxLayers).toBe(2)
  downlink.reported(0, 2, 26_900)
  expect(downlink.maxLayers).toBe(2)
  downlink.reported(0, 2, 27_000)
  expect(downlink.maxLayers).toBe(3)
})

test('the smallest layer stays', () => {
  const downlink = new Downlink()
  for (let nowMs = 0; nowMs < 5_000; nowMs += 1_000) downlink.reported(0.5, 1, nowMs)
  expect(downlink.maxLayers).toBe(Number.POSITIVE_INFINITY)
})
