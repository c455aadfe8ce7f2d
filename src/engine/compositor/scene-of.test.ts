import { expect, test } from 'vitest'
import type { VideoSpec, WatermarkSpec } from '../../mix/mix-spec.ts'
import type { Region } from '../../mix/region.ts'
import { streamKey, type StreamRef } from '../../mix/room.ts'
import { sceneOf } from './scene-of.ts'

const rect = { xPx: 1, yPx: 2, widthPx: 30, heightPx: 40 }
const stream = (userId: string): StreamRef => ({ room: { appId: 1, kind: 'number', name: '1' }, userId, source: 'camera' })
const region = (userId: string | null, zOrder: number, change: Partial<Region> = {}): Region => ({
  ...rect,
  stream: userId === null ? null : stream(userId),
  zOrder,
  renderMode: 'fit',
  placeholder: null,
  ...change,
})
const watermark = (url: string, zOrder: number): WatermarkSpec => ({ ...rect, url, zOrder })
const video = (...watermarks: WatermarkSpec[]): VideoSpec => ({
  encode: { widthPx: 640, heightPx: 360, fps: 15, bitRateKbps: 500, gopSec: 2 },
  layout: { kind: 'grid', renderMode: 'crop', holdPureAudio: false },
  background: { color: 0x112233, pictureUrl: 'bg', renderMode: 'crop' },
  watermarks,
})

test('paints by ascending z-order, equal ones in list order, watermarks after tiles', () => {
  const scene = sceneOf(video(watermark('w1', 1), watermark('w0', 0), watermark('w1b', 1)), [
    region('a', 1),
    region('b', 0),
    region('c', 1),
    region('d', 2),
  ])
  const names = scene.layers.map(({ content }) => (content.kind === 'stream' ? content.key.split('/').at(-2) : content.url))
  expect(names).toEqual(['b', 'w0', 'a', 'c', 'w1', 'w1b', 'd'])
})

test('carries canvas, rectangles, render modes, keys and placeholders over', () => {
  const placeholder = { url: 'card', renderMode: 'stretch' as const }
  expect(sceneOf(video(watermark('w', 5)), [region('a', 0, { placeholder })])).toEqual({
    widthPx: 640,
    heightPx: 360,
    background: { color: 0x112233, pictureUrl: 'bg', renderMode: 'crop' },
    layers: [
      { rect, renderMode: 'fit', content: { kind: 'stream', key: streamKey(stream('a')), placeholder } },
      { rect, renderMode: 'stretch', content: { kind: 'picture', url: 'w' } },
    ],
  })
})

test("a tile nobody took shows its placeholder in the placeholder's mode, or nothing", () => {
  const placeholder = { url: 'card', renderMode: 'stretch' as const }
  const scene = sceneOf(video(), [region(null, 0), region(null, 0, { placeholder })])
  expect(scene.layers).toEqual([{ rect, renderMode: 'stretch', content: { kind: 'picture', url: 'card' } }])
})

test('a tile of size 0 x 0 is left out', () => {
  expect(sceneOf(video(), [region('a', 0, { widthPx: 0, heightPx: 0 })]).layers).toEqual([])
})
