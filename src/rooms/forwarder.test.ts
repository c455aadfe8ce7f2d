import { expect, test } from 'vitest'
import { parseRtpPacket, type RtpPacket } from '../rtp/packet.ts'
import { writeRtpPacket } from '../rtp/write-packet.ts'
import { newCounters } from './counters.ts'
import { Forwarder } from './forwarder.ts'
import { IncomingStream } from './incoming-stream.ts'
import { Track } from './track.ts'

/** VP8 payloads: a key frame of 16 by 16 times `scale`, and a delta frame. */
const key = (scale: number): Buffer => Buffer.from([0x10, 0x50, 0, 0, 0x9d, 0x01, 0x2a, 16 * scale, 0, 16 * scale, 0])
const delta = Buffer.from([0x10, 0x51, 0])

class Layer {
  readonly stream: IncomingStream
  readonly keyFrameRequests: number[] = []
  readonly nacks: number[][] = []
  readonly #track: Track
  readonly #ssrc: number

  constructor(track: Track, ssrc: number) {
    this.#track = track
    this.#ssrc = ssrc
    this.stream = new IncomingStream({
      ssrc,
      codec: 'vp8',
      clockRateHz: 90_000,
      rid: String(ssrc),
      isRepaired: true,
      counters: newCounters(),
      sendNack: (_ssrc, numbers) => this.nacks.push(numbers),
      sendKeyFrameRequest: () => this.keyFrameRequests.push(1),
    })
    track.addLayer(this.stream)
  }

  send(sequenceNumber: number, timestamp: number, payload: Buffer, nowMs: number, isRetransmission = false): void {
    const header = { marker: true, payloadType: 96, sequenceNumber: sequenceNumber & 0xffff, timestamp: timestamp >>> 0, ssrc: this.#ssrc }
    const packet = parseRtpPacket(writeRtpPacket(header, [], payload, 0, payload.length)) as RtpPacket
    const place = this.stream.receive(packet, isRetransmission, nowMs)
    if (!Number.isNaN(place)) this.#track.packetArrived(this.stream, packet, place, nowMs)
  }
}

const newTrack = (): Track =>
  new Track({
    user: { room: { appId: 1, kind: 'number', name: '1' }, userId: 'a' },
    kind: 'camera',
    codec: 'vp8',
    clockRateHz: 90_000,
    parameters: '',
  })

function setUp(layers = 1) {
  const track = newTrack()
  const sources = Array.from({ length: layers }, (_, index) => new Layer(track, index + 1))
  // Sizes are known and the line begins after them.
  if (layers > 1) sources.forEach((source, index) => source.send(0, 0, key(1 + 3 * index), 0))
  const out: { sequenceNumber: number; timestamp: number; ssrc: number }[] = []
  const clocks: number[] = []
  const forwarder = new Forwarder(
    {
      forward: (packet, sequenceNumber, timestamp) => out.push({ sequenceNumber, timestamp, ssrc: packet.ssrc }),
      clock: (_report, timestamp) => clocks.push(timestamp),
    },
    65_534,
  )
  forwarder.attach(track, 0)
  return { track, sources, out, clocks, forwarder }
}

test('begins at a key frame, asks for one at once, and numbers without gap over both wraps', () => {
  const { sources, out } = setUp()
  const [source] = sources as [Layer]
  source.send(65_533, 4_294_964_296, delta, 0)
  expect(out).toEqual([])
  expect(source.keyFrameRequests).toHaveLength(1)
  source.send(65_534, 4_294_966_796, key(1), 33)
  for (let index = 1; index < 6; index++) source.send(65_534 + index, 4_294_966_796 + index * 3_000, delta, 33 + index * 33)
  expect(out.map(({ sequenceNumber }) => sequenceNumber)).toEqual([65_534, 65_535, 0, 1, 2, 3])
  expect(out.map(({ timestamp }) => timestamp)).toEqual([4_294_966_796, 2_500, 5_500, 8_500, 11_500, 14_500])
})

test('a late packet keeps its number, a duplicate is dropped', () => {
  const { sources, out } = setUp()
  const [source] = sources as [Layer]
  source.send(10, 0, key(1), 0)
  source.send(12, 6_000, delta, 66)
  source.send(11, 3_000, delta, 70, true)
  source.send(11, 3_000, delta, 80, true)
  source.send(9, 0, delta, 80)
  expect(out.map(({ sequenceNumber }) => sequenceNumber)).toEqual([65_534, 0, 65_535])
})

test('changes the layer at its key frame, the line goes on by the wall clock', () => {
  const { sources, out, forwarder } = setUp(2)
  const [small, large] = sources as [Layer, Layer]
  forwarder.wantSize({ widthPx: 16, heightPx: 16 }, 0)
  small.send(1, 1_000, key(1), 0)
  large.send(1, 800_000, delta, 0)
  small.send(2, 4_000, delta, 33)
  forwarder.wantSize({ widthPx: 17, heightPx: 10 }, 40)
  expect(large.keyFrameRequests).toHaveLength(1)
  large.send(2, 803_000, delta, 66)
  small.send(3, 7_000, delta, 66)
  large.send(3, 806_000, key(4), 100)
  small.send(4, 10_000, delta, 100)
  large.send(4, 809_000, delta, 133)
  expect(out.map(({ ssrc }) => ssrc)).toEqual([1, 1, 1, 2, 2])
  expect(out.map(({ sequenceNumber }) => sequenceNumber)).toEqual([65_534, 65_535, 0, 1, 2])
  // 34 ms after the last packet, then one frame on.
  expect(out.map(({ timestamp }) => timestamp)).toEqual([1_000, 4_000, 7_000, 7_000 + 34 * 90, 7_000 + 34 * 90 + 3_000])
})

test('sender reports of both layers place the new one exactly', () => {
  const { sources, out, forwarder, track, clocks } = setUp(2)
  const [small, large] = sources as [Layer, Layer]
  const report = (ssrc: number, rtpTimestamp: number) => ({
    ssrc,
    ntpSeconds: 3_900_000_000,
    ntpFraction: 0,
    rtpTimestamp,
    packets: 0,
    bytes: 0,
  })
  forwarder.wantSize({ widthPx: 16, heightPx: 16 }, 0)
  small.send(1, 9_000, key(1), 0)
  small.stream.reported(report(1, 0), 0)
  large.stream.reported(report(2, 500_000), 0)
  track.senderReportArrived(small.stream)
  expect(clocks).toEqual([0])
  forwarder.wantSize(null, 1)
  large.send(1, 512_345, key(4), 200)
  // 12345 ticks after the moment at which the small layer's clock showed 0.
  expect(out.at(-1)).toMatchObject({ timestamp: 12_345, ssrc: 2 })
  expect(clocks).toEqual([0, 0])
})

test('a key frame that is completed by a repair is followed by what came meanwhile', () => {
  const { sources, out } = setUp()
  const [source] = sources as [Layer]
  source.send(1, 0, delta, 0)
  source.send(3, 3_000, delta, 33)
  source.send(4, 6_000, delta, 66)
  source.send(2, 3_000, key(1), 80, true)
  expect(out.map(({ timestamp }) => timestamp)).toEqual([3_000, 3_000, 6_000])
})

test('room is left for what is missing right before a key frame: it may hold its parameter sets', () => {
  const { sources, out } = setUp()
  const [source] = sources as [Layer]
  source.send(1, 0, delta, 0)
  source.send(4, 3_000, key(1), 33)
  source.send(3, 3_000, delta, 60, true)
  source.send(2, 1_000, delta, 70, true)
  source.send(1, 0, delta, 80, true)
  expect(out.map(({ sequenceNumber }) => sequenceNumber)).toEqual([0, 65_535, 65_534])
})

test('retransmissions are answered from every stretch of the line', () => {
  const { sources, out, forwarder } = setUp(2)
  const [small, large] = sources as [Layer, Layer]
  forwarder.wantSize({ widthPx: 16, heightPx: 16 }, 0)
  small.send(1, 100, key(1), 0)
  small.send(2, 200, delta, 33)
  forwarder.wantSize(null, 40)
  large.send(1, 3_000, key(4), 66)
  large.send(2, 6_000, delta, 99)
  expect(out.map(({ sequenceNumber }) => sequenceNumber)).toEqual([65_534, 65_535, 0, 1])
  for (const { sequenceNumber, timestamp, ssrc } of out)
    expect(forwarder.lookUp(sequenceNumber)).toMatchObject({ timestamp, packet: { ssrc } })
  expect(forwarder.lookUp(65_533)).toBeNull()
  expect(forwarder.lookUp(7)).toBeNull()
})

test('unanswered key frame requests are repeated, but not more often than every 500 ms', () => {
  const { sources, forwarder } = setUp()
  const [source] = sources as [Layer]
  source.send(1, 0, delta, 0)
  for (let nowMs = 10; nowMs <= 1_600; nowMs += 10) forwarder.tick(nowMs)
  expect(source.keyFrameRequests).toHaveLength(4)
})

test('another track continues the line', () => {
  const { sources, out, forwarder } = setUp()
  const [source] = sources as [Layer]
  source.send(1, 50_000, key(1), 0)
  const other = newTrack()
  const next = new Layer(other, 9)
  forwarder.attach(other, 500)
  source.send(2, 53_000, delta, 600)
  next.send(40_000, 7, key(2), 1_000)
  expect(out).toEqual([
    { sequenceNumber: 65_534, timestamp: 50_000, ssrc: 1 },
    { sequenceNumber: 65_535, timestamp: 140_000, ssrc: 9 },
  ])
  forwarder.close()
  next.send(40_001, 3_007, delta, 1_033)
  expect(out).toHaveLength(2)
})
