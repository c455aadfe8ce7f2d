import { expect, test } from 'vitest'
import { costOf } from './cost.ts'
import type { MixSpec, TileSpec, VideoSpec } from './mix-spec.ts'

const tile = (sidePx: number): TileSpec => ({
  xPx: 0,
  yPx: 0,
  widthPx: sidePx,
  heightPx: sidePx,
  stream: null,
  zOrder: 0,
  renderMode: 'crop',
  placeholder: null,
})

function mix(tiles: number, change: Partial<VideoSpec['encode']> = {}, sidePx = 100): MixSpec {
  return {
    room: { appId: 1, kind: 'number', name: '1' },
    robot: { userId: 'r', userSig: 's' },
    maxIdleSec: 30,
    audio: { encode: { codec: 'aac-lc', sampleRateHz: 48000, channels: 2, bitRateKbps: 64 }, allow: null, block: [] },
    video: {
      encode: { widthPx: 1280, heightPx: 720, fps: 15, bitRateKbps: 1500, gopSec: 2, ...change },
      layout: { kind: 'custom', tiles: Array.from({ length: tiles }, () => tile(sidePx)) },
      background: { color: 0, pictureUrl: null, renderMode: 'stretch' },
      watermarks: [],
    },
    outputs: [],
  }
}

test('four 720p cameras into 720p15 are the 0.6 to 0.7 cores that were measured', () => {
  expect(costOf(mix(4))).toBeGreaterThan(0.55)
  expect(costOf(mix(4))).toBeLessThan(0.75)
})

test('more tiles, more pixels and more pictures cost more', () => {
  const base = costOf(mix(4))
  expect(costOf(mix(5))).toBeGreaterThan(base)
  expect(costOf(mix(4, { widthPx: 1920, heightPx: 1080 }))).toBeGreaterThan(base)
  expect(costOf(mix(4, { fps: 30 }))).toBeGreaterThan(base)
})

test('sound alone is a small part, and empty tiles cost no picture', () => {
  expect(costOf({ ...mix(4), video: null })).toBeLessThan(0.1)
  expect(costOf(mix(4, {}, 0))).toBeLessThan(costOf(mix(1)))
})
