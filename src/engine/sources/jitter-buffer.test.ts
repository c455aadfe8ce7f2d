import { expect, test } from 'vitest'
import { parseRtpPacket } from '../../rtp/packet.ts'
import { RtpStream } from '../../../test/support/packetize.ts'
import { JitterBuffer } from './jitter-buffer.ts'

function setUp({ first = 65_534, count = 8, waitMs = 100, skipTo = -1 } = {}) {
  const packets = new RtpStream({ sequence: first })
    .frame(
      Array.from({ length: count }, (_, index) => Buffer.from([index])),
      0,
    )
    .map((bytes) => parseRtpPacket(bytes)!)
  const log: (number | string)[] = []
  const repairs: number[] = []
  const buffer = new JitterBuffer({
    giveUpAt: (head) => head.arrivedAtMs + waitMs,
    deliver: ({ packet }) => log.push(packet.buffer[packet.payloadStart]!),
    gap: (missing) => log.push(`gap ${missing}`),
    repaired: (waitedMs) => repairs.push(waitedMs),
    canSkipTo: (packet) => packet.buffer[packet.payloadStart] === skipTo,
  })
  const push = (index: number, nowMs = 0): void => buffer.push(packets[index]!, nowMs)
  return { buffer, push, log, repairs }
}

test('packets come out in order across the wrap, each once', () => {
  const { push, log, buffer } = setUp()
  for (const index of [0, 2, 1, 1, 4, 3, 5, 0, 7, 6]) push(index)
  expect(log).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  expect(buffer).toMatchObject({ lost: 0, late: 0 })
})

test('a gap is waited for until its deadline, then given up', () => {
  const { push, log, buffer } = setUp()
  push(0)
  push(2, 10)
  push(3, 20)
  buffer.advance(109)
  expect(log).toEqual([0])
  buffer.advance(110)
  expect(log).toEqual([0, 'gap 1', 2, 3])
  expect(buffer.lost).toBe(1)
})

test('every gap has its own deadline', () => {
  const { push, log, buffer } = setUp()
  push(0)
  push(2, 10)
  push(4, 60)
  buffer.advance(110)
  expect(log).toEqual([0, 'gap 1', 2])
  buffer.advance(160)
  expect(log).toEqual([0, 'gap 1', 2, 'gap 1', 4])
})

test('a repair in time closes the gap, one too late is counted as late and not as lost; both tell how long it took', () => {
  const { push, log, repairs, buffer } = setUp()
  push(0)
  push(2, 10)
  push(1, 70)
  push(5, 100)
  push(6, 210)
  push(3, 260)
  push(3, 270)
  expect(log).toEqual([0, 1, 2, 'gap 2', 5, 6])
  expect(repairs).toEqual([60, 160])
  expect(buffer).toMatchObject({ lost: 1, late: 1 })
})

test('what nothing before is needed for is not waited for', () => {
  const { push, log } = setUp({ skipTo: 4 })
  for (const index of [0, 2, 4, 5]) push(index)
  expect(log).toEqual([0, 'gap 2', 4, 5])
})

test('a new line of sequence numbers begins anew', () => {
  const { push, log, buffer } = setUp()
  push(0)
  const other = new RtpStream({ sequence: 30_000 }).frame([Buffer.from([90]), Buffer.from([91])], 0)
  for (const bytes of other) buffer.push(parseRtpPacket(bytes)!, 5)
  expect(log).toEqual([0, 'gap 0', 90, 91])
})

test('what is held behind a gap is bounded', () => {
  const { push, log } = setUp({ count: 2200, waitMs: Infinity })
  push(0)
  for (let index = 2; index < 2052; index++) push(index)
  expect(log.slice(0, 3)).toEqual([0, 'gap 1', 2])
})
