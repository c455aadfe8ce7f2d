import { expect, test } from 'vitest'
import { paintTimeCode, timeCodeAgeMs, timeCodeArea } from './time-code.ts'

test.each([
  [1280, 720, Date.UTC(2026, 10, 22, 13, 14, 15, 678)],
  [640, 360, 0],
  [320, 180, 2 ** 24 * 5 + 1],
  [480, 640, Date.UTC(2030, 0, 1)],
])('the time code of a %i x %i picture reads back', (widthPx, heightPx, atMs) => {
  const luma = new Uint8Array(widthPx * heightPx).fill(100)
  const area = timeCodeArea(widthPx, heightPx)
  paintTimeCode(luma, widthPx, area, atMs)
  expect(timeCodeAgeMs(luma, widthPx, area, atMs + 345)).toBe(345)
})

test('a picture halved in size still reads, and one without code does not', () => {
  const luma = new Uint8Array(1280 * 720).fill(100)
  const area = timeCodeArea(1280, 720)
  expect(timeCodeAgeMs(luma, 1280, area, 0)).toBeNull()
  paintTimeCode(luma, 1280, area, 5_000)
  const half = Uint8Array.from({ length: 640 * 360 }, (_, index) => luma[Math.floor(index / 640) * 2 * 1280 + (index % 640) * 2] ?? 0)
  const halfArea = { xPx: area.xPx / 2, yPx: area.yPx / 2, cellPx: area.cellPx / 2 }
  expect(timeCodeAgeMs(half, 640, halfArea, 5_020)).toBe(20)
})
