import { AV_PIX_FMT_YUV420P, Frame, type AVPixelFormat } from 'node-av'
import { expect, test } from 'vitest'
import type { Picture } from '../ipc.ts'
import type { RenderMode } from '../../mix/mix-spec.ts'
import { Compositor } from './compositor.ts'
import type { Scene, SceneLayer } from './scene.ts'

type Box = readonly [xPx: number, yPx: number, widthPx: number, heightPx: number]

const modes: readonly RenderMode[] = ['crop', 'fit', 'fit-black', 'stretch']

const scene = (layers: SceneLayer[], change: Partial<Scene> = {}): Scene => ({
  widthPx: 64,
  heightPx: 48,
  background: { color: 0xffffff, pictureUrl: null, renderMode: 'crop' },
  layers,
  ...change,
})
const stream = (
  key: string,
  [xPx, yPx, widthPx, heightPx]: Box,
  renderMode: RenderMode = 'stretch',
  placeholder: string | null = null,
): SceneLayer => ({
  rect: { xPx, yPx, widthPx, heightPx },
  renderMode,
  content: { kind: 'stream', key, placeholder: placeholder === null ? null : { url: placeholder, renderMode: 'stretch' } },
})
const still = (url: string, [xPx, yPx, widthPx, heightPx]: Box, renderMode: RenderMode = 'stretch'): SceneLayer => ({
  rect: { xPx, yPx, widthPx, heightPx },
  renderMode,
  content: { kind: 'picture', url },
})
const whole: Box = [0, 0, 64, 48]

/** A frame of one grey, or of stripes of it. */
function grey(luma: number, width = 64, height = 48, stripes = 0): Frame {
  const frame = new Frame()
  frame.alloc()
  frame.width = width
  frame.height = height
  frame.format = AV_PIX_FMT_YUV420P
  frame.getBuffer(64)
  frame.data?.forEach((plane, index) => {
    for (let i = 0; i < plane.length; i++) plane[i] = index === 0 ? luma + ((stripes * i) % 7) : 128 + stripes
  })
  return frame
}

function card(red: number, alpha = 255, widthPx = 8, heightPx = 8): Picture {
  const rgba = new Uint8Array(widthPx * heightPx * 4)
  for (let i = 0; i < rgba.length; i += 4) rgba.set([red, red, red, alpha], i)
  return { widthPx, heightPx, rgba }
}

/** Every sample of a canvas. */
const bytesOf = (frame: Frame): Buffer =>
  Buffer.concat(
    (frame.data ?? []).map((plane, index) =>
      plane.subarray(0, (frame.linesize[index] ?? 0) * (index === 0 ? frame.height : frame.height / 2)),
    ),
  )
const lumaAt = (frame: Frame, x: number, y: number): number | undefined => frame.data?.[0]?.[y * (frame.linesize[0] ?? 0) + x]

test('shows colour, then placeholder, then the stream, then the placeholder again', () => {
  const compositor = new Compositor(scene([stream('a', whole, 'stretch', 'card')]))
  const middle = (): number | undefined => lumaAt(compositor.render().frame, 32, 24)
  expect(middle()).toBe(235)
  compositor.setPicture('card', card(0))
  expect(middle()).toBe(16)
  compositor.update('a', grey(77))
  expect(middle()).toBe(77)
  compositor.forget('a')
  expect(middle()).toBe(16)
  compositor.keepPictures([])
  expect(middle()).toBe(235)
  compositor.close()
})

test('says BT.709 limited range', () => {
  const compositor = new Compositor(scene([]))
  const { frame } = compositor.render()
  expect([frame.format as AVPixelFormat, frame.colorSpace, frame.colorRange, frame.width, frame.height]).toEqual([
    AV_PIX_FMT_YUV420P,
    1,
    1,
    64,
    48,
  ])
  compositor.close()
})

test('leaves the canvas of the render before alone, and paints the next up to date', () => {
  const compositor = new Compositor(scene([stream('a', whole)]))
  let previous: { frame: Frame; bytes: Buffer } | null = null
  for (const luma of [50, 60, 70, 70, 80]) {
    compositor.update('a', grey(luma))
    const { frame } = compositor.render()
    if (previous !== null) expect(bytesOf(previous.frame).equals(previous.bytes)).toBe(true)
    expect(lumaAt(frame, 1, 1)).toBe(luma)
    previous = { frame, bytes: bytesOf(frame) }
  }
  compositor.close()
})

test('says when a picture can differ from the one before', () => {
  const compositor = new Compositor(scene([stream('a', [0, 0, 32, 48]), stream('hidden', [2, 2, 8, 8]), stream('a', [0, 0, 32, 48])]))
  const changed = (): boolean => compositor.render().changed
  expect([changed(), changed()]).toEqual([true, false])
  compositor.update('a', grey(50))
  expect([changed(), changed()]).toEqual([true, false])
  compositor.update('a', grey(51))
  expect([changed(), changed()]).toEqual([true, false])
  compositor.update('hidden', grey(50))
  changed()
  compositor.update('hidden', grey(99))
  compositor.update('nowhere', grey(99))
  changed()
  compositor.update('hidden', grey(100))
  compositor.update('nowhere', grey(100))
  expect(changed()).toBe(false)
  compositor.close()
})

test('keeps its own hold of a frame', () => {
  const compositor = new Compositor(scene([stream('a', whole)]))
  const frame = grey(90)
  compositor.update('a', frame)
  frame.unref()
  frame.free()
  expect(lumaAt(compositor.render().frame, 5, 5)).toBe(90)
  compositor.close()
})

test('a source may change its size, a picture be replaced, a stream come back', () => {
  const compositor = new Compositor(scene([stream('a', [0, 0, 32, 48], 'crop'), still('card', [32, 0, 32, 48])]))
  for (const [width, height] of [
    [64, 48],
    [20, 90],
    [15, 31],
    [200, 160],
  ] as const) {
    compositor.update('a', grey(width, width, height))
    compositor.setPicture('card', card(height))
    const { frame } = compositor.render()
    expect(lumaAt(frame, 10, 10)).toBe(width)
    expect(lumaAt(frame, 40, 10)).toBe(Math.round(16 + (219 * height) / 255))
  }
  compositor.forget('a')
  compositor.update('a', grey(33, 640, 360))
  expect(lumaAt(compositor.render().frame, 10, 10)).toBe(33)
  compositor.close()
})

test('the canvas may change its size; the one in use stays whole until the render after next', () => {
  const compositor = new Compositor(scene([stream('a', whole)]))
  compositor.update('a', grey(70))
  const { frame } = compositor.render()
  const bytes = bytesOf(frame)
  const large = scene([stream('a', [0, 0, 128, 96])], { widthPx: 128, heightPx: 96 })
  compositor.setScene(large)
  const next = compositor.render().frame
  expect([next.width, next.height, lumaAt(next, 127, 95)]).toEqual([128, 96, 70])
  expect(bytesOf(frame).equals(bytes)).toBe(true)
  for (let i = 0; i < 3; i++) expect(lumaAt(compositor.render().frame, 127, 95)).toBe(70)
  compositor.close()
})

test('tiles and pictures as small as can be, at odd places, in every mode', () => {
  for (const mode of modes) {
    for (const [width, height] of [
      [1, 1],
      [1, 9],
      [2, 2],
      [3, 1],
      [7, 5],
    ] as const) {
      const compositor = new Compositor(scene([stream('a', [3, 5, width, height], mode), still('card', [21, 7, width, height], mode)]))
      compositor.update('a', grey(90, 2, 2))
      compositor.setPicture('card', card(10, 128, 1, 1))
      const { frame } = compositor.render()
      // Nothing is painted outside the two.
      for (let y = 0; y < 48; y++) {
        for (let x = 0; x < 64; x++) {
          const inside = [3, 21].some((left, i) => x >= left && x < left + width && y >= [5, 7][i]! && y < [5, 7][i]! + height)
          if (!inside) expect(lumaAt(frame, x, y)).toBe(235)
        }
      }
      compositor.close()
    }
  }
})

test('refuses a picture whose bytes do not fit its size', () => {
  const compositor = new Compositor(scene([]))
  expect(() => compositor.setPicture('x', { widthPx: 2, heightPx: 2, rgba: new Uint8Array(15) })).toThrow(
    'must have 16 bytes of RGBA (got 15)',
  )
  compositor.close()
  compositor.close()
  expect(() => compositor.render()).toThrow('closed')
})

test('whatever happened before, the picture is the one a new compositor paints', () => {
  let seed = 11
  const random = (below: number): number => {
    seed = (seed * 48271) % 2147483647
    return seed % below
  }
  const box = (): Box => {
    const [x, y] = [random(60), random(44)]
    return [x, y, 1 + random(64 - x), 1 + random(48 - y)]
  }
  const names = ['a', 'b', 'c']
  const randomScene = (): Scene => {
    const layers = Array.from({ length: random(6) }, () => {
      const [name, mode] = [names[random(3)] ?? 'a', modes[random(4)] ?? 'fit']
      return random(3) === 0 ? still(name, box(), mode) : stream(name, box(), mode, random(2) === 0 ? 'a' : null)
    })
    return scene(layers, {
      background: { color: random(0xffffff), pictureUrl: random(2) === 0 ? 'b' : null, renderMode: modes[random(4)] ?? 'fit' },
    })
  }
  let current = randomScene()
  const streams = new Map<string, Frame>()
  const stills = new Map<string, Picture>()
  const compositor = new Compositor(current)
  const steps: readonly ((name: string) => void)[] = [
    (name) => {
      const frame = grey(20 + random(200), 20 + 20 * random(2), 30, random(4))
      streams.set(name, frame)
      compositor.update(name, frame)
    },
    (name) => {
      streams.delete(name)
      compositor.forget(name)
    },
    (name) => {
      const picture = card(random(255), random(2) === 0 ? 255 : random(255), 1 + random(30), 1 + random(30))
      stills.set(name, picture)
      compositor.setPicture(name, picture)
    },
    () => {
      current = randomScene()
      compositor.setScene(current)
    },
  ]
  let previous: Buffer | null = null
  for (let step = 0; step < 300; step++) {
    if (random(4) === 0) steps[random(4)]?.(names[random(3)] ?? 'a')
    if (random(2) === 0) steps[0]?.(names[random(3)] ?? 'a')
    const { frame, changed } = compositor.render()
    const painted = bytesOf(frame)
    const fresh = new Compositor(current)
    for (const [key, picture] of streams) fresh.update(key, picture)
    for (const [url, picture] of stills) fresh.setPicture(url, picture)
    expect(painted.equals(bytesOf(fresh.render().frame)), `step ${step}`).toBe(true)
    fresh.close()
    if (!changed && previous !== null) expect(painted.equals(previous)).toBe(true)
    previous = painted
  }
  compositor.close()
})
