import { mkdirSync } from 'node:fs'
import { AVCOL_RANGE_JPEG, AVCOL_SPC_BT470BG, type AVColorRange, type AVColorSpace } from 'node-av'
import { expect, test } from 'vitest'
import { Compositor } from '../../../src/engine/compositor/compositor.ts'
import type { Scene, SceneLayer } from '../../../src/engine/compositor/scene.ts'
import type { RenderMode } from '../../../src/mix/mix-spec.ts'
import { difference, halveChroma, type Box } from './compare.ts'
import { filter, generate, savePng, ssim, type RawPicture } from './ffmpeg.ts'
import { frameOf, rawOf } from './frames.ts'

/** A live input: its picture and what its decoder says of it. */
interface Live {
  readonly picture: RawPicture
  readonly colorSpace?: AVColorSpace
  readonly colorRange?: AVColorRange
}

interface Case {
  readonly name: string
  readonly canvas?: readonly [widthPx: number, heightPx: number]
  readonly color?: number
  readonly background?: { readonly url: string; readonly renderMode: RenderMode }
  readonly layers: readonly SceneLayer[]
  readonly live?: Readonly<Record<string, Live>>
  readonly stills?: Readonly<Record<string, RawPicture>>
  /** The same by FFmpeg: from [base] to [out], with inputs of `live` then `stills` from [0] on. */
  readonly graph: string
  /** Composed at full chroma resolution, because edges are odd. */
  readonly fullChroma?: boolean
  /** Largest difference of a sample away from borders. */
  readonly tolerance?: number
}

/** Waves of light and colour, different for every n. */
const smooth = (n: number): string =>
  `nullsrc=SIZE,format=yuv420p,geq=lum='126+70*sin(X/40+${n})*cos(Y/30)':cb='128+30*sin((X+Y)/50+${n})':cr='128+30*cos(X/40-Y/30+${n})'`
const live = (source: string, widthPx: number, heightPx: number, pixelFormat = 'yuv420p'): Live => ({
  picture: generate(source, pixelFormat, widthPx, heightPx),
})
const detailed = 'mandelbrot=SIZE:start_scale=0.8:inner=period:maxiter=200'
const bars = 'smptehdbars=SIZE'

const stream = (
  key: string,
  [xPx, yPx, widthPx, heightPx]: Box,
  renderMode: RenderMode = 'crop',
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

/** A ramp of alpha over colours, as RGBA. */
const translucent = (widthPx: number, heightPx: number): RawPicture => {
  const data = Buffer.alloc(widthPx * heightPx * 4)
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++)
      data.set([(x * 255) / widthPx, (y * 255) / heightPx, 90, (x * 255) / (widthPx - 1)], (y * widthPx + x) * 4)
  }
  return { widthPx, heightPx, pixelFormat: 'rgba', data }
}
const photo = (widthPx: number, heightPx: number): RawPicture => generate(smooth(9), 'rgba', widthPx, heightPx)

const to = (w: number, h: number): string => `scale=${w}:${h}:flags=bilinear`
const fromRgb = (w: number, h: number, format: string): string =>
  `scale=${w}:${h}:flags=bilinear:out_color_matrix=bt709:out_range=tv,format=${format}`
const over = (x: number, y: number): string => `overlay=${x}:${y}:format=yuv420`

const cases: readonly Case[] = [
  {
    name: 'four cameras in a grid',
    layers: [0, 1, 2, 3].map((i) => stream(`u${i}`, [320 * (i & 1), 180 * (i >> 1), 320, 180])),
    live: Object.fromEntries([0, 1, 2, 3].map((i) => [`u${i}`, live(smooth(i + 1), 480, 270)])),
    graph:
      [0, 1, 2, 3].map((i) => `[${i}]${to(320, 180)}[t${i}]`).join(';') +
      `;[base][t0]${over(0, 0)}[a];[a][t1]${over(320, 0)}[b];[b][t2]${over(0, 180)}[c];[c][t3]${over(320, 180)}[out]`,
  },
  {
    name: 'cells of a third, whose width is no multiple of 16',
    layers: [0, 1, 2, 3].map((i) => stream(`u${i % 2}`, [214 * i - (i === 3 ? 214 * 3 : 0), i === 3 ? 120 : 0, i === 2 ? 212 : 214, 120])),
    live: { u0: live(detailed, 640, 360), u1: live(smooth(5), 640, 360) },
    graph:
      `[0]split[a0][a1];[1]split[b0][b1];[a0]crop=640:358:0:0,${to(214, 120)}[t0];[b0]crop=640:358:0:0,${to(214, 120)}[t1];[a1]crop=636:360:2:0,${to(212, 120)}[t2];[b1]crop=640:358:0:0,${to(214, 120)}[t3];` +
      `[base][t0]${over(0, 0)}[a];[a][t1]${over(214, 0)}[b];[b][t2]${over(428, 0)}[c];[c][t3]${over(0, 120)}[out]`,
  },
  {
    name: 'side by side, cropped without scaling',
    layers: [stream('a', [0, 0, 320, 360]), stream('b', [320, 0, 320, 360])],
    live: { a: live(detailed, 640, 360), b: live('testsrc2=SIZE', 640, 360) },
    graph: `[0]crop=320:360:160:0[t0];[1]crop=320:360:160:0[t1];[base][t0]${over(0, 0)}[a];[a][t1]${over(320, 0)}[out]`,
    tolerance: 0,
  },
  {
    name: 'a 4:3 camera cropped into a wide tile',
    layers: [stream('a', [64, 36, 512, 200])],
    live: { a: live(smooth(3), 640, 480) },
    graph: `[0]crop=640:250:0:114,${to(512, 200)}[t];[base][t]${over(64, 36)}[out]`,
  },
  {
    name: 'a tall phone cropped',
    layers: [stream('a', [0, 0, 640, 360])],
    live: { a: live(smooth(4), 360, 640) },
    graph: `[0]crop=360:202:0:218,${to(640, 360)}[t];[base][t]${over(0, 0)}[out]`,
  },
  {
    name: 'fit shows the canvas in its bars',
    color: 0x2060a0,
    layers: [stream('a', [40, 40, 560, 280], 'fit')],
    live: { a: live(smooth(6), 640, 480) },
    graph: `[0]${to(374, 280)}[t];[base][t]${over(134, 40)}[out]`,
  },
  {
    name: 'fit on black paints its bars',
    color: 0xffffff,
    layers: [stream('a', [40, 40, 560, 280], 'fit-black')],
    live: { a: live(smooth(6), 640, 480) },
    graph: `[0]${to(374, 280)},pad=560:280:94:0:black[t];[base][t]${over(40, 40)}[out]`,
  },
  {
    name: 'a tall picture in a wide tile, fitted on black',
    color: 0x00ff00,
    layers: [stream('a', [0, 0, 640, 100], 'fit-black'), stream('a', [200, 110, 100, 240], 'fit')],
    live: { a: live(smooth(7), 360, 640) },
    graph: `[0]split[p][q];[p]${to(56, 100)},pad=640:100:292:0:black[t];[q]${to(100, 178)}[s];[base][t]${over(0, 0)}[a];[a][s]${over(200, 142)}[out]`,
  },
  {
    name: 'stretched',
    layers: [stream('a', [100, 20, 200, 320], 'stretch')],
    live: { a: live(smooth(8), 640, 360) },
    graph: `[0]${to(200, 320)}[t];[base][t]${over(100, 20)}[out]`,
  },
  {
    name: 'small pictures above a large one',
    layers: [stream('a', [0, 0, 640, 360]), stream('b', [420, 20, 200, 112]), stream('c', [480, 80, 140, 200])],
    live: { a: live(detailed, 640, 360), b: live(smooth(1), 400, 224), c: live(bars, 280, 400) },
    graph: `[1]${to(200, 112)}[t];[2]${to(140, 200)}[s];[base][0]${over(0, 0)}[a];[a][t]${over(420, 20)}[b];[b][s]${over(480, 80)}[out]`,
  },
  {
    name: 'a translucent watermark across two tiles',
    layers: [stream('a', [0, 0, 320, 360]), stream('b', [320, 0, 320, 360]), still('wm', [220, 100, 200, 120])],
    live: { a: live(smooth(1), 640, 360), b: live(smooth(2), 640, 360) },
    stills: { wm: translucent(200, 120) },
    graph: `[0]crop=320:360:160:0[t];[1]crop=320:360:160:0[s];[2]${fromRgb(200, 120, 'yuva420p')}[w];[base][t]${over(0, 0)}[a];[a][s]${over(320, 0)}[b];[b][w]${over(220, 100)}[out]`,
    tolerance: 3,
  },
  {
    name: 'a translucent watermark scaled down',
    color: 0x808080,
    layers: [still('wm', [100, 50, 300, 200])],
    stills: { wm: translucent(800, 600) },
    graph: `[0]${fromRgb(300, 200, 'yuva420p')}[w];[base][w]${over(100, 50)}[out]`,
    tolerance: 3,
  },
  {
    name: 'a picture as canvas, cropped, with a tile on it',
    background: { url: 'bg', renderMode: 'crop' },
    layers: [stream('a', [200, 100, 240, 136])],
    live: { a: live(smooth(2), 480, 272) },
    stills: { bg: photo(800, 800) },
    graph: `[0]${to(240, 136)}[t];[1]crop=800:450:0:175:exact=1,${fromRgb(640, 360, 'yuv420p')}[p];[base][p]${over(0, 0)}[a];[a][t]${over(200, 100)}[out]`,
    tolerance: 3,
  },
  {
    name: 'a picture as canvas, fitted on black and enlarged',
    background: { url: 'bg', renderMode: 'fit-black' },
    color: 0xff0000,
    layers: [],
    stills: { bg: photo(160, 120) },
    graph: `[0]${fromRgb(480, 360, 'yuv420p')},pad=640:360:80:0:black[p];[base][p]${over(0, 0)}[out]`,
    tolerance: 3,
  },
  {
    name: 'a placeholder for who is away beside somebody present',
    layers: [stream('away', [0, 0, 320, 180], 'crop', 'card'), stream('a', [320, 0, 320, 180], 'crop', 'card')],
    live: { a: live(smooth(3), 640, 360) },
    stills: { card: photo(400, 400) },
    graph: `[1]${fromRgb(320, 180, 'yuv420p')}[p];[0]${to(320, 180)}[t];[base][p]${over(0, 0)}[a];[a][t]${over(320, 0)}[out]`,
    tolerance: 3,
  },
  {
    name: 'BT.601 becomes BT.709',
    layers: [stream('a', [0, 0, 640, 360])],
    live: { a: { ...live(smooth(5), 640, 360), colorSpace: AVCOL_SPC_BT470BG } },
    graph: `[0]colorspace=iprimaries=bt709:itrc=bt709:ispace=bt470bg:irange=tv:primaries=bt709:trc=bt709:space=bt709:range=tv[t];[base][t]${over(0, 0)}[out]`,
    tolerance: 3,
  },
  ...(['yuvj420p', 'yuv420p'] as const).map((pixelFormat) => ({
    name: `full range becomes limited range (${pixelFormat})`,
    layers: [stream('a', [0, 0, 640, 360])],
    live: { a: { ...live(smooth(5), 480, 270, pixelFormat), colorRange: AVCOL_RANGE_JPEG } },
    graph: `[0]scale=640:360:flags=bilinear:in_range=pc:out_range=tv,format=yuv420p[t];[base][t]${over(0, 0)}[out]`,
    tolerance: 3,
  })),
  ...(['nv12', 'yuv444p'] as const).map((pixelFormat) => ({
    name: `another pixel format, cropped (${pixelFormat})`,
    layers: [stream('a', [160, 0, 320, 360])],
    live: { a: live(smooth(6), 480, 270, pixelFormat) },
    graph: `[0]crop=240:270:120:0,${to(320, 360)},format=yuv420p[t];[base][t]${over(160, 0)}[out]`,
    tolerance: 3,
  })),
  {
    name: 'odd edges: a tile',
    color: 0x00c000,
    layers: [
      stream('a', [33, 21, 201, 113], 'stretch'),
      stream('b', [234, 20, 120, 113], 'stretch'),
      stream('b', [301, 201, 200, 100], 'stretch'),
    ],
    live: { a: live(smooth(1), 640, 360), b: live(smooth(2), 640, 360) },
    graph:
      `[1]split[p][q];[0]${to(201, 113)},format=yuv444p[t];[p]${to(120, 113)},format=yuv444p[s];[q]${to(200, 100)},format=yuv444p[r];` +
      `[base][t]overlay=33:21:format=yuv444[a];[a][s]overlay=234:20:format=yuv444[b];[b][r]overlay=301:201:format=yuv444[out]`,
    fullChroma: true,
    tolerance: 3,
  },
  {
    name: 'odd edges: a translucent watermark and black bars',
    color: 0x0000ff,
    layers: [stream('a', [11, 13, 301, 301], 'fit-black'), still('wm', [211, 101, 99, 77])],
    live: { a: live(smooth(3), 640, 360) },
    stills: { wm: translucent(99, 77) },
    graph:
      `[0]${to(301, 170)},format=yuv444p,pad=301:301:0:65:black[t];[1]${fromRgb(99, 77, 'yuva444p')}[w];` +
      `[base][t]overlay=11:13:format=yuv444[a];[a][w]overlay=211:101:format=yuv444[out]`,
    fullChroma: true,
    tolerance: 3,
  },
  {
    name: 'a small camera enlarged to 1280 x 720',
    canvas: [1280, 720],
    layers: [stream('a', [0, 0, 1280, 720])],
    live: { a: live(smooth(4), 320, 180) },
    graph: `[0]${to(1280, 720)}[t];[base][t]${over(0, 0)}[out]`,
  },
]

const sizeOf = ({ canvas = [640, 360] }: Case): readonly [number, number] => canvas
const boxesOf = ({ layers }: Case): Box[] => layers.map(({ rect }) => [rect.xPx, rect.yPx, rect.widthPx, rect.heightPx])

function compositorOf(each: Case): Compositor {
  const [widthPx, heightPx] = sizeOf(each)
  const scene: Scene = {
    widthPx,
    heightPx,
    background: { color: each.color ?? 0, pictureUrl: each.background?.url ?? null, renderMode: each.background?.renderMode ?? 'stretch' },
    layers: each.layers,
  }
  const compositor = new Compositor(scene)
  for (const [key, input] of Object.entries(each.live ?? {})) {
    const frame = frameOf(input.picture, input)
    compositor.update(key, frame)
    frame.free()
  }
  for (const [url, picture] of Object.entries(each.stills ?? {})) {
    compositor.setPicture(url, { widthPx: picture.widthPx, heightPx: picture.heightPx, rgba: picture.data })
  }
  return compositor
}

function expectedOf(each: Case): RawPicture {
  const [widthPx, heightPx] = sizeOf(each)
  const format = each.fullChroma === true ? 'yuv444p' : 'yuv420p'
  const color = (each.color ?? 0).toString(16).padStart(6, '0')
  const base = `color=c=0x${color}:s=${widthPx}x${heightPx},format=gbrp,scale=out_color_matrix=bt709:out_range=tv,format=${format}[base]`
  const inputs = [...Object.values(each.live ?? {}).map(({ picture }) => picture), ...Object.values(each.stills ?? {})]
  const data = filter(inputs, `${base};${each.graph}`, format)
  return each.fullChroma === true ? halveChroma(data, widthPx, heightPx) : { widthPx, heightPx, pixelFormat: format, data }
}

const pictures = process.env['SCENE_PICTURES']

test.each(cases)('$name', (each) => {
  const compositor = compositorOf(each)
  const painted = rawOf(compositor.render().frame)
  const again = rawOf(compositor.render().frame)
  compositor.close()
  const expected = expectedOf(each)
  if (pictures !== undefined) {
    mkdirSync(pictures, { recursive: true })
    const file = `${pictures}/${each.name.replace(/\W+/g, '-')}`
    savePng(painted, `${file}.png`)
    savePng(expected, `${file}-ffmpeg.png`)
  }
  expect(again.data.equals(painted.data)).toBe(true)
  const { largest, at } = difference(painted, expected, boxesOf(each), 3)
  expect(largest, `largest difference at ${at}`).toBeLessThanOrEqual(each.tolerance ?? 2)
  for (const [x, y, width, height] of [[0, 0, ...sizeOf(each)] as Box, ...boxesOf(each)]) {
    const even = (value: number): number => value - (value % 2)
    expect(ssim(painted, expected, `${even(width)}:${even(height)}:${even(x)}:${even(y)}`)).toBeGreaterThan(0.99)
  }
})

test('no scene passes against a picture that is shifted or recoloured a little', () => {
  const [each] = cases as [Case]
  const compositor = compositorOf(each)
  const painted = rawOf(compositor.render().frame)
  compositor.close()
  const shifted = { ...painted, data: filter([painted], '[0]scroll=hpos=0.01[out]', 'yuv420p') }
  const recoloured = { ...painted, data: filter([painted], '[0]lutyuv=u=val+4[out]', 'yuv420p') }
  for (const wrong of [shifted, recoloured]) expect(difference(wrong, expectedOf(each), boxesOf(each), 3).largest).toBeGreaterThan(2)
})
