import { expect, test } from 'vitest'
import { rtcpPackets, type RtcpPacket } from './compound.ts'
import { parseKeyFrameRequest, writeFullIntraRequest, writePictureLossIndication } from './key-frame-request.ts'
import { parseNack, writeNack } from './nack.ts'
import { parseReportBlocks, writeReceiverReport } from './receiver-report.ts'
import { parseRemb, writeRemb } from './remb.ts'
import { compactNtp, ntpToUnixMs, parseSenderReport, writeSenderReport } from './sender-report.ts'
import { parseCanonicalName, writeSourceDescription } from './source-description.ts'

const only = (buffer: Buffer): RtcpPacket => {
  const packets = [...rtcpPackets(buffer)]
  expect(packets).toHaveLength(1)
  return packets[0]!
}

test('a NACK packs numbers within 16 of each other, across the wrap', () => {
  const buffer = writeNack(1, 2, [65_534, 65_535, 0, 14, 15, 100])
  expect(buffer.toString('hex')).toBe('81cd0005' + '00000001' + '00000002' + 'fffe8003' + '000f0000' + '00640000')
  expect(parseNack(only(buffer))).toEqual({ mediaSsrc: 2, sequenceNumbers: [65_534, 65_535, 0, 14, 15, 100] })
})

test('key frame requests name their streams', () => {
  expect(writePictureLossIndication(1, 0xffffffff).toString('hex')).toBe('81ce000200000001ffffffff')
  expect(parseKeyFrameRequest(only(writePictureLossIndication(1, 7)))).toEqual([7])
  expect(writeFullIntraRequest(1, 9, 3).toString('hex')).toBe('84ce000400000001000000000000000903000000')
  expect(parseKeyFrameRequest(only(writeFullIntraRequest(1, 9, 3)))).toEqual([9])
  expect(parseKeyFrameRequest(only(writeRemb(1, 1000, [9])))).toEqual([])
})

test('sender reports carry the wall clock', () => {
  const report = {
    ssrc: 5,
    ntpSeconds: 2_208_988_800 + 1_000_000,
    ntpFraction: 0x80000000,
    rtpTimestamp: 4_294_967_295,
    packets: 3,
    bytes: 2 ** 32 + 4,
  }
  const packet = only(writeSenderReport(report))
  expect(packet.end).toBe(28)
  expect(parseSenderReport(packet)).toEqual({ ...report, bytes: 4 })
  expect(ntpToUnixMs(report)).toBe(1_000_000_500)
  expect(compactNtp({ ntpSeconds: 0x1234abcd, ntpFraction: 0xef015555 })).toBe(0xabcdef01)
  expect(parseSenderReport(only(writeReceiverReport(1, [])))).toBeNull()
})

test('receiver report blocks keep negative losses and extended sequence numbers', () => {
  const block = {
    ssrc: 6,
    fractionLost: 12,
    cumulativeLost: -3,
    highestSequence: 0x0002fffe,
    jitter: 99,
    lastSenderReport: 0xfedcba98,
    delaySinceLastSenderReport: 65_536,
  }
  const packet = only(writeReceiverReport(1, [block, { ...block, ssrc: 7 }]))
  expect(packet.format).toBe(2)
  expect(parseReportBlocks(packet)).toEqual([block, { ...block, ssrc: 7 }])
})

test.each(['', 'a', 'ab', 'abc', 'a-name@somewhere'])('canonical name %j survives with padding to words', (name) => {
  const packet = only(writeSourceDescription(8, name))
  expect(parseCanonicalName(packet)).toBe(name)
  expect(packet.buffer[packet.end - 1]).toBe(0)
})

test('an estimate keeps 18 bits', () => {
  expect(parseRemb(only(writeRemb(1, 2_500_000, [9])))).toBe(2_500_000)
  expect(parseRemb(only(writeRemb(1, 262_145, [9])))).toBe(262_144)
  expect(parseRemb(only(writePictureLossIndication(1, 2)))).toBeNull()
})

test('compound packets are cut apart; a packet cut short ends the list', () => {
  const compound = Buffer.concat([writeReceiverReport(1, []), writePictureLossIndication(1, 2)])
  expect([...rtcpPackets(compound)].map(({ type, start, end }) => [type, start, end])).toEqual([
    [201, 0, 8],
    [206, 8, 20],
  ])
  expect([...rtcpPackets(compound.subarray(0, 18))]).toHaveLength(1)
})
