import { expect, test } from 'vitest'
import { chooseLayer } from './choose-layer.ts'

const layer = (name: string, widthPx: number, lastPacketAt = 10_000, bitRateKbps = 100) => ({
  name,
  size: widthPx === 0 ? null : { widthPx, heightPx: (widthPx * 9) / 16 },
  bitRateKbps,
  lastPacketAt,
})
const [small, middle, large] = [layer('small', 320), layer('middle', 640), layer('large', 1280)]
const all = [large, small, middle]
const anyNumber = Number.POSITIVE_INFINITY

test.each([
  ['no wish: the largest', null, anyNumber, 'large'],
  ['exactly as wanted', { widthPx: 640, heightPx: 360 }, anyNumber, 'middle'],
  ['one pixel more in height', { widthPx: 640, heightPx: 361 }, anyNumber, 'large'],
  ['smaller than all', { widthPx: 10, heightPx: 10 }, anyNumber, 'small'],
  ['larger than all', { widthPx: 1920, heightPx: 1080 }, anyNumber, 'large'],
  ['the network carries two', null, 2, 'middle'],
  ['the network carries nothing', null, 0, 'small'],
])('%s', (_name, size, maxLayers, expected) => {
  expect(chooseLayer(all, { size, maxLayers }, 10_000)?.name).toBe(expected)
})

test('a layer its publisher switched off is not chosen, unless all are silent', () => {
  const off = layer('off', 1280, 8_900)
  expect(chooseLayer([small, middle, off], { size: null, maxLayers: anyNumber }, 10_000)?.name).toBe('middle')
  expect(chooseLayer(all, { size: null, maxLayers: anyNumber }, 20_000)?.name).toBe('large')
})

test('layers without a size yet go by bit rate, below the others', () => {
  const [thin, thick] = [layer('thin', 0, 10_000, 50), layer('thick', 0, 10_000, 900)]
  expect(chooseLayer([thick, thin], { size: { widthPx: 1, heightPx: 1 }, maxLayers: anyNumber }, 10_000)?.name).toBe('thick')
  expect(chooseLayer([thick, small, thin], { size: null, maxLayers: anyNumber }, 10_000)?.name).toBe('small')
  expect(chooseLayer([], { size: null, maxLayers: anyNumber }, 10_000)).toBeNull()
})
