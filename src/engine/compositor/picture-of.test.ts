import { expect, test } from 'vitest'
import { Compositor } from './compositor.ts'
import { pictureOf } from './picture-of.ts'

test.each([0xffffff, 0x000000, 0x1f5fa8, 0xa8471f, 0x00a000])('a canvas of %i comes back as that colour', async (color) => {
  const compositor = new Compositor({ widthPx: 34, heightPx: 20, background: { color, pictureUrl: null, renderMode: 'crop' }, layers: [] })
  const copying = pictureOf(compositor.render().frame)
  compositor.close()
  const { widthPx, heightPx, rgba } = await copying
  expect([widthPx, heightPx, rgba.length]).toEqual([34, 20, 34 * 20 * 4])
  const wanted = [color >> 16, (color >> 8) & 255, color & 255, 255]
  for (const at of [0, 4 * 33, rgba.length - 4]) {
    for (const [index, value] of wanted.entries()) expect(Math.abs((rgba[at + index] ?? 999) - value)).toBeLessThanOrEqual(3)
  }
})

test('the picture rendered last is shown, not the one before', async () => {
  const scene = (color: number) => ({
    widthPx: 16,
    heightPx: 16,
    background: { color, pictureUrl: null, renderMode: 'crop' as const },
    layers: [],
  })
  const compositor = new Compositor(scene(0xff0000))
  compositor.render()
  compositor.setScene(scene(0x0000ff))
  const { frame } = compositor.render()
  expect(compositor.shown).toBe(frame)
  const { rgba } = await pictureOf(frame)
  compositor.close()
  expect(rgba[0]).toBeLessThan(5)
  expect(rgba[2]).toBeGreaterThan(250)
})
