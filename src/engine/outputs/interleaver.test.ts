import { expect, test } from 'vitest'
import type { EncodedPacket } from '../media.ts'
import { Interleaver } from './interleaver.ts'

const packet = (kind: EncodedPacket['kind'], timestampMs: number): EncodedPacket => ({
  kind,
  timestampMs,
  data: Buffer.alloc(1),
  isKeyFrame: true,
})
const times = (packets: readonly EncodedPacket[]): string[] => packets.map(({ kind, timestampMs }) => `${kind[0]}${timestampMs}`)

test('late sound is put before earlier pictures', () => {
  const one = new Interleaver(true)
  const coming = [
    packet('video', 0),
    packet('video', 66),
    packet('audio', 0),
    packet('audio', 21),
    packet('video', 133),
    packet('audio', 70),
  ]
  expect(coming.map((next) => times(one.push(next)))).toEqual([[], [], ['v0', 'a0'], ['a21'], [], ['v66', 'a70']])
})

test('a kind that stays away is waited for half a second only', () => {
  const one = new Interleaver(true)
  expect(times([0, 100, 200, 300, 400, 500, 600].flatMap((ms) => one.push(packet('video', ms))))).toEqual(['v0', 'v100'])
})

test('sound alone is not held', () => {
  expect(times(new Interleaver(false).push(packet('audio', 5)))).toEqual(['a5'])
})

test('draining gives the rest in order, once', () => {
  const one = new Interleaver(true)
  for (const ms of [10, 30]) one.push(packet('video', ms))
  expect(times(one.drain())).toEqual(['v10', 'v30'])
  expect(one.drain()).toEqual([])
})
