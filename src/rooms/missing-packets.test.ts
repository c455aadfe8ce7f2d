import { expect, test } from 'vitest'
import { MissingPackets } from './missing-packets.ts'

test('what is missing is asked for once, again after the round trip, and not after it came', () => {
  const missing = new MissingPackets()
  missing.skipped(10, 13, 0)
  expect(missing.due(1).places).toEqual([])
  expect(missing.due(10).places).toEqual([10, 11, 12])
  expect(missing.due(20).places).toEqual([])
  expect(missing.arrived(11, true, 40)).toBe(true)
  expect(missing.arrived(11, true, 41)).toBe(false)
  expect(missing.due(100).places).toEqual([10, 12])
})

test('reordering makes the first request wait as long as packets are late', () => {
  const missing = new MissingPackets()
  missing.skipped(1, 2, 0)
  missing.arrived(1, false, 30)
  missing.skipped(5, 6, 100)
  expect(missing.due(120).places).toEqual([])
  expect(missing.due(131).places).toEqual([5])
})

test('after 1.2 s a packet is given up and counted', () => {
  const missing = new MissingPackets()
  missing.skipped(1, 3, 0)
  for (let nowMs = 10; nowMs <= 1_200; nowMs += 10) expect(missing.due(nowMs).gaveUp).toBe(false)
  expect(missing.due(1_210)).toEqual({ places: [], gaveUp: true })
  expect([missing.lost, missing.count]).toEqual([2, 0])
})

test('an outage gives everything up at once', () => {
  const missing = new MissingPackets()
  expect(missing.skipped(0, 900, 0)).toBe(true)
  expect(missing.skipped(1_000, 1_200, 5)).toBe(false)
  expect([missing.lost, missing.count]).toEqual([1_100, 0])
})
