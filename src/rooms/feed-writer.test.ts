import { Duplex } from 'node:stream'
import type { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { FrameReader } from '../feed/framing.ts'
import { parseRtpPacket } from '../rtp/packet.ts'
import { writeRtpPacket } from '../rtp/write-packet.ts'
import { FeedWriter } from './feed-writer.ts'

function setUp() {
  const writes: Buffer[] = []
  const socket = new Duplex({ read() {}, write: (chunk: Buffer, _encoding, done) => (writes.push(chunk), done()) }) as unknown as Socket
  const got: unknown[] = []
  const read = (): unknown[] => {
    const reader = new FrameReader({
      control: (message) => got.push(message),
      media: (trackId, buffer) => {
        const { sequenceNumber, timestamp, ssrc, marker, payloadStart, payloadEnd } = parseRtpPacket(buffer)!
        got.push({
          trackId,
          sequenceNumber,
          timestamp,
          ssrc,
          marker,
          payload: buffer.subarray(payloadStart, payloadEnd).length,
          first: buffer[payloadStart],
        })
      },
    })
    for (const chunk of writes.splice(0)) reader.push(chunk)
    return got
  }
  return { writer: new FeedWriter(socket), writes, read }
}
const packetOf = (payload: Buffer) =>
  parseRtpPacket(
    writeRtpPacket(
      { marker: true, payloadType: 96, sequenceNumber: 1, timestamp: 2, ssrc: 3 },
      [{ id: 1, data: Buffer.from('mid') }],
      payload,
      0,
      payload.length,
    ),
  )!

test('control and media keep their order in one write, without header extensions', () => {
  const { writer, writes, read } = setUp()
  writer.control({ type: 'entered' })
  writer.media(5, packetOf(Buffer.from([42])), 65_535, 4_000_000_000)
  writer.control({ type: 'track-removed', trackId: 5 })
  expect(writes).toHaveLength(0)
  expect(writer.unsentBytes).toBeGreaterThan(0)
  writer.flush()
  expect(writes).toHaveLength(1)
  expect(writer.unsentBytes).toBe(0)
  expect(read()).toEqual([
    { type: 'entered' },
    { trackId: 5, sequenceNumber: 65_535, timestamp: 4_000_000_000, ssrc: 5, marker: true, payload: 1, first: 42 },
    { type: 'track-removed', trackId: 5 },
  ])
})

test('what the socket still holds is not overwritten by later batches', () => {
  const { writer, read } = setUp()
  for (let round = 0; round < 300; round++) {
    writer.media(1, packetOf(Buffer.alloc(1_100, round)), round, round)
    writer.control({ type: 'track-removed', trackId: round })
    if (round % 7 === 0) writer.flush()
  }
  writer.flush()
  const got = read()
  expect(got).toHaveLength(600)
  expect(got.filter((_, index) => index % 2 === 0)).toEqual(
    Array.from({ length: 300 }, (_, round) => ({
      trackId: 1,
      sequenceNumber: round,
      timestamp: round,
      ssrc: 1,
      marker: true,
      payload: 1_100,
      first: round & 0xff,
    })),
  )
})

test('a message larger than a batch goes out by itself, in order', () => {
  const { writer, read } = setUp()
  writer.control({ type: 'entered' })
  writer.control({ type: 'removed', reason: 'replaced', detail: 'x'.repeat(100_000) })
  writer.control({ type: 'track-removed', trackId: 1 })
  writer.flush()
  expect(read()).toMatchObject([{ type: 'entered' }, { type: 'removed' }, { type: 'track-removed' }])
})
