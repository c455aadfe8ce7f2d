import { expect, test } from 'vitest'
import type { VideoEncodeSpec } from './mix-spec.ts'
import { meteredPixels, usageTier, usageTiers, type PictureSize } from './usage-tier.ts'

const encode = (widthPx: number, heightPx: number): VideoEncodeSpec => ({ widthPx, heightPx, fps: 15, bitRateKbps: 1500, gopSec: 2 })
const size = (widthPx: number, heightPx: number): PictureSize => ({ widthPx, heightPx })

test.each<[string, PictureSize[], VideoEncodeSpec | null, string]>([
  ['the example of the spec: 1080p and 720p', [size(1920, 1080), size(1280, 720)], encode(1280, 720), '2k-h264'],
  ['exactly SD', [size(640, 480)], encode(640, 360), 'sd-h264'],
  ['a little more than SD', [size(640, 480), size(2, 2)], encode(640, 360), 'hd-h264'],
  ['exactly HD', [size(1280, 720)], encode(1280, 720), 'hd-h264'],
  ['exactly full HD', [size(1920, 1080)], encode(1280, 720), 'full-hd-h264'],
  ['two of 720p', [size(1280, 720), size(1280, 720)], encode(1280, 720), 'full-hd-h264'],
  ['exactly 2K', [size(2560, 1440)], encode(1280, 720), '2k-h264'],
  ['exactly 4K', [size(4096, 2176)], encode(1280, 720), '4k-h264'],
  ['beyond 4K', [size(4096, 2176), size(1920, 1080)], encode(1280, 720), '4k-h264'],
  ['an output of exactly twice the input', [size(640, 360)], encode(1280, 360), 'sd-h264'],
  ['an output of more than twice the input counts too', [size(640, 360)], encode(1280, 720), 'full-hd-h264'],
  ['nobody: a black picture of the output', [], encode(1280, 720), 'hd-h264'],
  ['one who showed nothing yet: a black picture', [size(0, 0)], encode(640, 480), 'sd-h264'],
  ['a small output of nobody', [], encode(320, 180), 'sd-h264'],
  ['sound only, whoever sends pictures', [size(1920, 1080)], null, 'audio'],
])('%s', (_what, inputs, output, tier) => {
  expect(usageTier(inputs, output)).toBe(tier)
})

test('random mixes: never less than any input, more inputs never count less, the order is no matter', () => {
  let seed = 7
  const random = (below: number): number => {
    seed = (seed * 48271) % 2147483647
    return seed % below
  }
  for (let round = 0; round < 2000; round++) {
    const inputs = Array.from({ length: random(5) }, () => size(random(1920), random(1080)))
    const output = size(2 + 2 * random(959), 2 + 2 * random(959))
    const pixels = meteredPixels(inputs, output)
    const incoming = inputs.reduce((sum, { widthPx, heightPx }) => sum + widthPx * heightPx, 0)
    const outgoing = output.widthPx * output.heightPx
    expect(pixels).toBe(outgoing > 2 * incoming ? incoming + outgoing : incoming)
    expect(pixels).toBeGreaterThan(0)
    expect(pixels * 2).toBeGreaterThanOrEqual(outgoing)
    expect(meteredPixels(inputs.toReversed(), output)).toBe(pixels)
    // Of pictures that are as large as the output, one more never brings a mix into a lower tier.
    const [one, other] = [inputs.slice(0, 1), inputs].map((some) => [...some, output])
    expect(usageTiers.indexOf(usageTier(other!, encode(output.widthPx, output.heightPx)))).toBeGreaterThanOrEqual(
      usageTiers.indexOf(usageTier(one!, encode(output.widthPx, output.heightPx))),
    )
  }
})
