import sharp from 'sharp'
import { expect, test } from 'vitest'
import type { VideoSpec } from '../../mix/mix-spec.ts'
import type { Region } from '../../mix/region.ts'
import { streamKey } from '../../mix/room.ts'
import { drawLayout } from './draw-layout.ts'

const room = { appId: 1, kind: 'number', name: '1' } as const
const video: VideoSpec = {
  encode: { widthPx: 320, heightPx: 180, fps: 15, bitRateKbps: 500, gopSec: 2 },
  layout: { kind: 'grid', renderMode: 'crop', holdPureAudio: false },
  background: { color: 0x102030, pictureUrl: null, renderMode: 'crop' },
  watermarks: [],
}
const region = (userId: string | null, xPx: number, widthPx: number, change: Partial<Region> = {}): Region => ({
  xPx,
  yPx: 20,
  widthPx,
  heightPx: 140,
  stream: userId === null ? null : { room, userId, source: 'camera' },
  zOrder: 0,
  renderMode: 'crop',
  placeholder: null,
  ...change,
})

async function drawn(regions: readonly Region[], more: Partial<Parameters<typeof drawLayout>[0]> = {}) {
  const { data, info } = await sharp(await drawLayout({ video, regions, pictures: new Map(), streams: new Map(), ...more }))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  expect([info.width, info.height]).toEqual([320, 180])
  return {
    at: (x: number, y: number): number => data.readUIntBE((y * 320 + x) * 3, 3),
    /** Pixels that are nearly white, in columns `from` to `to`. */
    ink: (from: number, to: number): number => {
      let count = 0
      for (let y = 0; y < 180; y++) for (let x = from; x < to; x++) if (data.readUIntBE((y * 320 + x) * 3, 3) >= 0xe0e0e0) count++
      return count
    },
  }
}

const card = (rgb: readonly [number, number, number], alpha = 255) => ({
  widthPx: 2,
  heightPx: 2,
  rgba: new Uint8Array(Array.from({ length: 4 }, () => [...rgb, alpha]).flat()),
})

test('tiles stand where the layout has them, with their names, on the background', async () => {
  const picture = await drawn([region('alice', 10, 140), region('bob', 160, 150)])
  expect(picture.at(2, 2)).toBe(0x102030)
  expect(picture.at(155, 90)).toBe(0x102030)
  expect(picture.at(20, 30)).not.toBe(0x102030)
  expect(picture.at(170, 30)).not.toBe(picture.at(20, 30))
  expect(picture.ink(10, 150)).toBeGreaterThan(100)
  expect(picture.ink(160, 310)).toBeGreaterThan(100)
  expect(picture.ink(0, 10) + picture.ink(150, 160)).toBe(0)
})

test('names differ in what is drawn, and a tile too small for one has none', async () => {
  const [short, long, tiny] = await Promise.all([
    drawn([region('i', 10, 140)]),
    drawn([region('wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww', 0, 320)]),
    drawn([region('alice', 10, 8)]),
  ])
  expect(long.ink(0, 320)).toBeGreaterThan(short.ink(0, 320))
  expect(tiny.ink(0, 320)).toBe(0)
})

test('a higher tile covers a lower one, wherever the list has it', async () => {
  const whole = region('low', 0, 320)
  const inset = region('high', 100, 100, { zOrder: 5 })
  const [first, second, alone] = await Promise.all([drawn([whole, inset]), drawn([inset, whole]), drawn([inset])])
  expect(first.at(105, 25)).toBe(alone.at(105, 25))
  expect(second.at(105, 25)).toBe(alone.at(105, 25))
  expect(first.at(50, 25)).not.toBe(alone.at(50, 25))
})

test('background, placeholder and watermark are the pictures behind their URLs', async () => {
  const pictures = new Map([
    ['http://a/back.png', card([200, 0, 0])],
    ['http://a/away.png', card([0, 200, 0])],
    ['http://a/mark.png', card([0, 0, 200], 128)],
  ])
  const placeholder = { url: 'http://a/away.png', renderMode: 'stretch' } as const
  const picture = await drawn([region(null, 10, 100, { placeholder })], {
    pictures,
    video: {
      ...video,
      background: { ...video.background, pictureUrl: 'http://a/back.png' },
      watermarks: [{ url: 'http://a/mark.png', zOrder: 0, xPx: 200, yPx: 100, widthPx: 40, heightPx: 20 }],
    },
  })
  expect(picture.at(5, 5)).toBe(0xc80000)
  expect(picture.at(15, 25)).toBe(0x00c800)
  const mixed = picture.at(220, 110)
  expect(mixed >> 16).toBeGreaterThan(80)
  expect(mixed & 255).toBeGreaterThan(80)
})

test('a fitted picture leaves its bars to the tile, a covering one has none', async () => {
  const pictures = new Map([['http://a/away.png', { widthPx: 4, heightPx: 1, rgba: new Uint8Array(16).fill(255) }]])
  const at = async (renderMode: 'fit' | 'crop' | 'fit-black') =>
    (await drawn([region(null, 0, 200, { placeholder: { url: 'http://a/away.png', renderMode } })], { pictures })).at(10, 30)
  expect(await at('crop')).toBe(0xffffff)
  expect(await at('fit')).toBe(0x404040)
  expect(await at('fit-black')).toBe(0)
})

test('a tile whose participant is seen shows the picture, not the placeholder, and still the name', async () => {
  const stream = { room, userId: 'alice', source: 'camera' } as const
  const placeholder = { url: 'http://a/away.png', renderMode: 'stretch' } as const
  const picture = await drawn([region('alice', 10, 140, { placeholder })], {
    pictures: new Map([['http://a/away.png', card([0, 200, 0])]]),
    streams: new Map([[streamKey(stream), card([200, 0, 0])]]),
  })
  expect(picture.at(15, 25)).toBe(0xc80000)
  expect(picture.ink(10, 150)).toBeGreaterThan(100)
})
