import { expect, test } from 'vitest'
import { parseRtpPacket } from '../rtp/packet.ts'
import { writeRtpPacket } from '../rtp/write-packet.ts'
import { newCounters } from './counters.ts'
import { IncomingStream } from './incoming-stream.ts'

function setUp(isRepaired = true) {
  const counters = newCounters()
  const nacks: number[][] = []
  let keyFrameRequests = 0
  const stream = new IncomingStream({
    ssrc: 5,
    codec: 'h264',
    clockRateHz: 90_000,
    rid: '',
    isRepaired,
    counters,
    sendNack: (_ssrc, numbers) => nacks.push(numbers),
    sendKeyFrameRequest: () => (keyFrameRequests += 1),
  })
  const receive = (sequenceNumber: number, nowMs: number, isRetransmission = false, payload = Buffer.from([0x41, 0])): number =>
    stream.receive(
      parseRtpPacket(
        writeRtpPacket(
          { marker: false, payloadType: 96, sequenceNumber, timestamp: Math.round(nowMs * 90) >>> 0, ssrc: 5 },
          [],
          payload,
          0,
          payload.length,
        ),
      )!,
      isRetransmission,
      nowMs,
    )
  return { stream, counters, nacks, receive, keyFrameRequests: () => keyFrameRequests }
}

test('a gap across the wrap is asked for and repaired once', () => {
  const { stream, nacks, receive, counters } = setUp()
  receive(65_533, 0)
  expect(receive(2, 10)).toBe(65_538)
  stream.tick(20)
  expect(nacks).toEqual([[65_534, 65_535, 0, 1]])
  expect(receive(0, 60, true)).toBe(65_536)
  expect(receive(0, 61, true)).toBeNaN()
  expect(receive(2, 62)).toBeNaN()
  expect(stream.packetAt(65_536)?.sequenceNumber).toBe(0)
  expect(counters.nacksSent).toBe(1)
})

test('what does not come within 1.2 s is lost, and the decoder is helped by a key frame', () => {
  const { stream, receive, counters, keyFrameRequests } = setUp()
  receive(1, 0)
  receive(4, 10)
  for (let nowMs = 20; nowMs < 1_210; nowMs += 10) stream.tick(nowMs)
  expect([counters.packetsLost, keyFrameRequests()]).toEqual([0, 0])
  stream.tick(1_220)
  expect([counters.packetsLost, stream.packetsLost, keyFrameRequests()]).toEqual([2, 2, 1])
  expect(receive(2, 1_230, true)).toBeNaN()
})

test('a peer that does not repair is asked for a key frame at once', () => {
  const { stream, receive, nacks, keyFrameRequests } = setUp(false)
  receive(1, 0)
  receive(3, 10)
  stream.tick(20)
  expect([nacks.length, keyFrameRequests(), stream.packetsLost]).toEqual([0, 1, 1])
  expect(receive(2, 30)).toBe(2)
  expect(stream.packetsLost).toBe(0)
  expect(receive(2, 31)).toBeNaN()
})

test('key frame requests are at least 200 ms apart; one in between is made up for, unless a key frame came', () => {
  const { stream, receive, keyFrameRequests } = setUp()
  receive(1, 0)
  stream.requestKeyFrame(1_000)
  stream.requestKeyFrame(1_050)
  stream.tick(1_190)
  expect(keyFrameRequests()).toBe(1)
  stream.tick(1_200)
  expect(keyFrameRequests()).toBe(2)
  stream.requestKeyFrame(1_250)
  receive(2, 1_300, false, Buffer.from('6742c01fd9005005bb011000000300100000030140f1832480', 'hex'))
  expect(stream.size).toEqual({ widthPx: 1280, heightPx: 720 })
  for (let nowMs = 1_310; nowMs < 2_000; nowMs += 10) stream.tick(nowMs)
  expect(keyFrameRequests()).toBe(2)
})

test('receiver reports count over the wrap, per interval and in all', () => {
  const { stream, receive } = setUp()
  for (let index = 0; index < 8; index++) if (index !== 3) receive((65_532 + index) & 0xffff, index * 33)
  stream.reported({ ssrc: 5, ntpSeconds: 0x12345678, ntpFraction: 0x9abcdef0, rtpTimestamp: 0, packets: 0, bytes: 0 }, 300)
  expect(stream.report(1_300)).toMatchObject({
    ssrc: 5,
    fractionLost: 32,
    cumulativeLost: 1,
    highestSequence: 0x00010003,
    lastSenderReport: 0x56789abc,
    delaySinceLastSenderReport: 65_536,
  })
  receive(4, 1_400)
  expect(stream.report(1_500)).toMatchObject({ fractionLost: 0, cumulativeLost: 1, highestSequence: 0x00010004 })
})

test('the bit rate is that of the last half second', () => {
  const { stream, receive } = setUp()
  for (let index = 0; index < 10; index++) {
    receive(index, index * 50, false, Buffer.alloc(988, 1))
    stream.tick(index * 50)
  }
  stream.tick(500)
  // Ten packets of 1000 bytes in 500 ms.
  expect(stream.bitRateKbps).toBeCloseTo(160)
  stream.tick(1_000)
  expect(stream.bitRateKbps).toBe(0)
})
