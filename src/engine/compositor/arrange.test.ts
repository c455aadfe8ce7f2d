import { expect, test } from 'vitest'
import type { Rect, RenderMode } from '../../mix/mix-spec.ts'
import { arrange } from './arrange.ts'
import type { Content } from './content.ts'
import type { Scene, SceneLayer } from './scene.ts'

const rect = (xPx: number, yPx: number, widthPx: number, heightPx: number): Rect => ({ xPx, yPx, widthPx, heightPx })

/** Pictures of 100 x 100; those whose name begins with "glass" are translucent, "none" is not there. */
const layer = (name: string, place: Rect, renderMode: RenderMode = 'stretch'): SceneLayer => ({
  rect: place,
  renderMode,
  content: { kind: 'picture', url: name },
})

function visibleOf(...layers: SceneLayer[]): Record<string, readonly Rect[]> {
  const scene: Scene = { widthPx: 100, heightPx: 100, background: { color: 0, pictureUrl: 'background', renderMode: 'stretch' }, layers }
  const content = (name: string): Content => ({
    identity: name,
    widthPx: 100,
    heightPx: 100,
    opaque: !name.startsWith('glass'),
    cropStepPx: 1,
    makeTile: () => {
      throw new Error('Geometry makes no tiles.')
    },
  })
  const arranged = arrange(scene, ({ content: shown, renderMode }) => {
    const name = shown.kind === 'picture' ? shown.url : shown.key
    return name === 'none' ? null : { content: content(name), renderMode }
  })
  return Object.fromEntries(arranged.map((each) => [each.content.identity, each.visible]))
}

test('a layer under an opaque one is not visible', () => {
  expect(visibleOf(layer('a', rect(10, 10, 20, 20)), layer('b', rect(0, 0, 50, 50)))).toMatchObject({ a: [], b: [rect(0, 0, 50, 50)] })
})

test('several layers cover together what none covers alone', () => {
  const cells = [0, 50].flatMap((x) => [0, 50].map((y) => layer(`${x} ${y}`, rect(x, y, 50, 50))))
  expect(visibleOf(...cells)['background']).toEqual([])
})

test('translucent pictures, missing ones and transparent bars hide nothing', () => {
  const whole = rect(0, 0, 100, 100)
  expect(visibleOf(layer('a', whole), layer('glass', whole))['a']).toEqual([whole])
  expect(visibleOf(layer('a', whole), layer('none', whole))['a']).toEqual([whole])
  expect(visibleOf(layer('a', whole), layer('b', rect(0, 0, 100, 50), 'fit'))['a']).not.toEqual([])
  expect(visibleOf(layer('a', rect(0, 0, 100, 50)), layer('b', rect(0, 0, 100, 50), 'fit-black'))['a']).toEqual([])
})

test('an odd edge leaves the chroma it shares visible', () => {
  expect(visibleOf(layer('a', rect(0, 0, 51, 50)), layer('b', rect(0, 0, 51, 50)))['a']).toEqual([rect(50, 0, 1, 50)])
})

test('what lies off the canvas is not visible', () => {
  expect(visibleOf(layer('a', rect(200, 0, 50, 50)), layer('b', rect(90, 90, 50, 50)))).toMatchObject({ a: [], b: [rect(90, 90, 10, 10)] })
})
