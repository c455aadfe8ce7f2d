import { expect, test } from 'vitest'
import { engineFigures, outputFigures } from '../../../test/support/engine-figures.ts'
import type { OutputSpec } from '../../mix/mix-spec.ts'
import { SentBytes } from './sent-bytes.ts'

const third: OutputSpec = { url: 'rtmp://third/live/a', billing: 'third-party-cdn' }
const vendor: OutputSpec = { url: 'rtmp://vendor/live/b', billing: 'vendor-cdn' }

/** The figures of an engine whose outputs have sent so much. */
const sent = (bytes: Record<string, number>) =>
  engineFigures({ outputs: Object.entries(bytes).map(([url, bytesSent]) => outputFigures({ url, bytesSent })) })

test('what was sent since the last look, by billing, from the first byte on', () => {
  const counter = new SentBytes()
  const take = (a: number, b: number) => Object.fromEntries(counter.take(1, sent({ [third.url]: a, [vendor.url]: b }), [third, vendor]))
  expect(take(100, 0)).toEqual({ 'third-party-cdn': 100 })
  expect(take(100, 0)).toEqual({})
  expect(take(150, 30)).toEqual({ 'third-party-cdn': 50, 'vendor-cdn': 30 })
})

test('outputs of one billing add up', () => {
  const more: OutputSpec = { ...third, url: 'rtmp://third/live/c' }
  const counter = new SentBytes()
  expect(counter.take(1, sent({ [third.url]: 100, [more.url]: 5 }), [third, more])).toEqual(new Map([['third-party-cdn', 105]]))
})

test('the counters of a new engine begin at zero, even if they are above those of the one before', () => {
  const counter = new SentBytes()
  counter.take(1, sent({ [third.url]: 100 }), [third])
  expect(counter.take(2, sent({ [third.url]: 130 }), [third])).toEqual(new Map([['third-party-cdn', 130]]))
})

test('an output that was removed says goodbye under its billing, and begins at zero when it is added again', () => {
  const counter = new SentBytes()
  counter.take(1, sent({ [vendor.url]: 100 }), [vendor])
  expect(counter.take(1, sent({ [vendor.url]: 120 }), [])).toEqual(new Map([['vendor-cdn', 20]]))
  expect(counter.take(1, sent({ [vendor.url]: 40 }), [vendor])).toEqual(new Map([['vendor-cdn', 40]]))
  counter.take(1, sent({}), [])
  expect(counter.take(1, sent({ [vendor.url]: 60 }), [vendor])).toEqual(new Map([['vendor-cdn', 60]]))
})
