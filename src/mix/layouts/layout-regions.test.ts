import { expect, test } from 'vitest'
import type { CustomLayoutSpec, GridLayoutSpec, LayoutSpec, TileSpec } from '../mix-spec.ts'
import type { Participant } from '../participants.ts'
import type { Region } from '../region.ts'
import type { RoomRef, StreamRef } from '../room.ts'
import { layoutRegions } from './layout-regions.ts'

const room: RoomRef = { appId: 1, kind: 'number', name: '7' }
const canvas = { widthPx: 1280, heightPx: 720 }
const grid: GridLayoutSpec = { kind: 'grid', renderMode: 'crop', holdPureAudio: false }

const person = (userId: string, sends: Partial<Participant> = { sendsCamera: true, sendsAudio: true }): Participant => ({
  room,
  userId,
  sendsCamera: false,
  sendsScreen: false,
  sendsAudio: false,
  ...sends,
})
const people = (...names: string[]): Participant[] => names.map((name) => person(name))
const crowd = (count: number): Participant[] => Array.from({ length: count }, (_, index) => person(`u${index}`))

const tile = (stream: StreamRef | null, xPx = 0): TileSpec => ({
  xPx,
  yPx: 0,
  widthPx: 100,
  heightPx: 100,
  stream,
  zOrder: 3,
  renderMode: 'fit',
  placeholder: { url: 'http://example.com/p.png', renderMode: 'stretch' },
})
const named = (userId: string): TileSpec => tile({ room, userId, source: 'camera' })
const custom = (...tiles: TileSpec[]): CustomLayoutSpec => ({ kind: 'custom', tiles })
const open = tile(null)
const holders = (regions: readonly Region[]): (string | null)[] => regions.map((region) => region.stream?.userId ?? null)

/** Runs a room's history through a layout. */
function follow(layout: LayoutSpec, ...history: Participant[][]): (string | null)[][] {
  let previous: readonly Region[] | null = null
  return history.map((participants) => {
    previous = layoutRegions(layout, canvas, participants, previous)
    return holders(previous)
  })
}

const shapes = [
  [1, 1, 1],
  [2, 2, 1],
  [3, 2, 2],
  [4, 2, 2],
  [5, 3, 3],
  [9, 3, 3],
  [10, 4, 4],
  [16, 4, 4],
] as const

test.each(shapes)('%i videos: a grid of %i x %i cells, filled row by row', (count, columns, rows) => {
  const regions = layoutRegions(grid, { widthPx: 1200, heightPx: 720 }, crowd(count), null)
  expect(holders(regions)).toEqual(crowd(count).map(({ userId }) => userId))
  regions.forEach((region, index) => {
    expect(region).toMatchObject({
      xPx: (1200 / columns) * (index % columns),
      yPx: (720 / rows) * Math.floor(index / columns),
      widthPx: 1200 / columns,
      heightPx: 720 / rows,
    })
  })
})

test('a third of 1280 is rounded to even edges', () => {
  const regions = layoutRegions(grid, canvas, crowd(5), null)
  expect(regions.slice(0, 3).map(({ xPx, widthPx }) => [xPx, widthPx])).toEqual([
    [0, 426],
    [426, 428],
    [854, 426],
  ])
})

test('on every even canvas the cells are inside, even, without overlap and without holes', () => {
  for (let widthPx = 2; widthPx <= 1920; widthPx += 62) {
    for (let heightPx = 2; heightPx <= 1920; heightPx += 94) {
      for (const [, columns, rows] of shapes) {
        const regions = layoutRegions(grid, { widthPx, heightPx }, crowd(columns * rows), null)
        const area = regions.reduce((sum, region) => sum + region.widthPx * region.heightPx, 0)
        expect(area).toBe(widthPx * heightPx)
        for (const [index, { xPx, yPx, widthPx: width, heightPx: height }] of regions.entries()) {
          expect([xPx % 2, yPx % 2, width % 2, height % 2]).toEqual([0, 0, 0, 0])
          expect(Math.min(xPx, yPx, width, height, widthPx - xPx - width, heightPx - yPx - height)).toBeGreaterThanOrEqual(0)
          const right = regions[index + 1]
          if (right !== undefined && (index + 1) % columns !== 0) expect(right.xPx).toBe(xPx + width)
          const below = regions[index + columns]
          if (below !== undefined) expect(below.yPx).toBe(yPx + height)
        }
      }
    }
  }
})

test('a grid shows the first sixteen', () => {
  expect(holders(layoutRegions(grid, canvas, crowd(20), null))).toEqual(crowd(16).map(({ userId }) => userId))
})

test('an empty room makes an empty grid', () => {
  expect(layoutRegions(grid, canvas, [], null)).toEqual([])
})

test('a grid shows cameras, and sound-only participants if asked', () => {
  const mixed = [
    person('a'),
    person('sound', { sendsAudio: true }),
    person('screen', { sendsScreen: true }),
    person('viewer', {}),
    person('b'),
  ]
  expect(holders(layoutRegions(grid, canvas, mixed, null))).toEqual(['a', 'b'])
  expect(holders(layoutRegions({ ...grid, holdPureAudio: true }, canvas, mixed, null))).toEqual(['a', 'sound', 'b'])
})

test('a named tile is kept for its user, present or not', () => {
  expect(follow(custom(named('a'), open), people('b'), people('b', 'a'), people('b'))).toEqual([
    ['a', 'b'],
    ['a', 'b'],
    ['a', 'b'],
  ])
})

test('users with a named tile take no unnamed one, with whatever source', () => {
  const screen = tile({ room, userId: 'a', source: 'screen' })
  expect(follow(custom(open, screen), people('a', 'b'))).toEqual([['b', 'a']])
})

test('a named user of another room does not stand in the way of a namesake', () => {
  const elsewhere = tile({ room: { ...room, kind: 'string' }, userId: 'a', source: 'camera' })
  expect(follow(custom(elsewhere, open), people('a'))).toEqual([['a', 'a']])
})

test('unnamed tiles are taken in list order and kept until their holder leaves', () => {
  expect(follow(custom(open, open), people('a'), people('a', 'b'), people('a', 'b', 'c'), people('b', 'c'), people('b'))).toEqual([
    ['a', null],
    ['a', 'b'],
    ['a', 'b'],
    ['c', 'b'],
    [null, 'b'],
  ])
})

test('a freed tile goes to the earliest entrant without a place', () => {
  expect(follow(custom(open), people('a', 'b', 'c'), people('b', 'c'), people('c'))).toEqual([['a'], ['b'], ['c']])
})

test('a tile is taken once its user sends something and kept when they stop', () => {
  const silent = person('a', {})
  const sound = person('a', { sendsAudio: true })
  expect(follow(custom(open, open), [silent, person('b')], [sound, person('b')], [silent, person('b')])).toEqual([
    ['b', null],
    ['b', 'a'],
    ['b', 'a'],
  ])
})

test('after an update of the layout people keep their tiles, unless they got a named one', () => {
  const before = layoutRegions(custom(open, open, open), canvas, people('a', 'b', 'c'), null)
  expect(holders(layoutRegions(custom(open, named('a'), open), canvas, people('a', 'b', 'c'), before))).toEqual(['b', 'a', 'c'])
  expect(holders(layoutRegions(custom(open, open), canvas, people('a', 'b', 'c'), before))).toEqual(['a', 'b'])
})

test('coming from a grid nobody gets two tiles', () => {
  const before = layoutRegions(grid, canvas, people('a', 'b'), null)
  expect(holders(layoutRegions(custom(open, open, open), canvas, people('a', 'b'), before))).toEqual(['a', 'b', null])
})

test('a custom region is its tile', () => {
  const [region] = layoutRegions(custom(tile(null, 31)), canvas, [], null)
  expect(region).toEqual(tile(null, 31))
})

test('random histories: nobody twice, holders stay, no free tile while somebody waits', () => {
  let seed = 1
  const random = (below: number): number => {
    seed = (seed * 48271) % 2147483647
    return seed % below
  }
  for (let run = 0; run < 200; run++) {
    const tiles = Array.from({ length: 1 + random(6) }, () => (random(3) === 0 ? named(`u${random(8)}`) : open))
    const reserved = new Set(tiles.flatMap((each) => each.stream?.userId ?? []))
    let present: Participant[] = []
    let previous: Region[] | null = null
    for (let step = 0; step < 12; step++) {
      const who = `u${random(8)}`
      present = present.some(({ userId }) => userId === who) ? present.filter(({ userId }) => userId !== who) : [...present, person(who)]
      const regions: Region[] = layoutRegions(custom(...tiles), canvas, present, previous)
      const open = regions.filter((_, index) => tiles[index]?.stream === null)
      const placed = open.flatMap((region) => region.stream?.userId ?? [])
      const eligible = present.filter(({ userId }) => !reserved.has(userId)).map(({ userId }) => userId)
      expect(new Set(placed).size).toBe(placed.length)
      expect(placed.length).toBe(Math.min(open.length, eligible.length))
      expect(placed.every((userId) => eligible.includes(userId))).toBe(true)
      previous?.forEach((region, index) => {
        if (tiles[index]?.stream === null && region.stream !== null && eligible.includes(region.stream.userId)) {
          expect(regions[index]?.stream).toEqual(region.stream)
        }
      })
      previous = regions
    }
  }
})
