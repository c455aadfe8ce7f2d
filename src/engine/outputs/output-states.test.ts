import { expect, test } from 'vitest'
import type { OutputState } from '../ipc.ts'
import { nextOutputState, outputTransitions, type OutputEvent } from './output-states.ts'

const events: OutputEvent[] = ['open', 'live', 'lost', 'deadline', 'close', 'closed']
const _ = null
/** Every state against every event, in the order of `events`. */
const expected: Record<OutputState, (OutputState | null)[]> = {
  idle: ['connecting', _, _, _, _, _],
  connecting: [_, 'running', 'connecting', 'failed', 'disconnecting', _],
  running: [_, _, 'recovering', _, 'disconnecting', _],
  recovering: [_, 'running', 'recovering', 'failed', 'disconnecting', _],
  failed: [_, 'running', 'failed', _, 'disconnecting', _],
  disconnecting: [_, _, _, _, _, 'idle'],
}

test.each(Object.entries(expected))('%s', (from, row) => {
  expect(events.map((on) => nextOutputState(from as OutputState, on))).toEqual(row)
})

test('no pair is listed twice', () => {
  const pairs = outputTransitions.map(({ from, on }) => `${from} ${on}`)
  expect(new Set(pairs).size).toBe(pairs.length)
})
