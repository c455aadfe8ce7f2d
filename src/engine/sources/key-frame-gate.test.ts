import { expect, test } from 'vitest'
import { KeyFrameGate } from './key-frame-gate.ts'

test('asks at once, then at most every 500 ms, until a key frame comes', () => {
  let asked = 0
  const gate = new KeyFrameGate(() => (asked += 1))
  gate.damaged(0)
  expect(asked).toBe(1)
  expect([100, 499, 500, 700].map((nowMs) => gate.admits(false, nowMs))).toEqual([false, false, false, false])
  expect(asked).toBe(2)
  expect(gate.admits(true, 900)).toBe(true)
  expect(gate.admits(false, 2000)).toBe(true)
  expect(asked).toBe(2)
  gate.damaged(2100)
  expect([asked, gate.requests, gate.admits(false, 2110)]).toEqual([3, 3, false])
})
