import { expect, test } from 'vitest'
import { extensionText, extensionUint16 } from './header-extension.ts'
import { isRtcp, parseRtpPacket } from './packet.ts'
import { writeRtpPacket } from './write-packet.ts'

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex')
const fixed = '60 fffe fffffff0 89abcdef'

test('a plain packet gives its fields without copying', () => {
  const buffer = bytes(`80 e0 fffe fffffff0 89abcdef 0102`)
  const packet = parseRtpPacket(buffer)
  expect(packet).toMatchObject({ marker: true, payloadType: 96, sequenceNumber: 65_534, timestamp: 4_294_967_280, ssrc: 0x89abcdef })
  expect(packet?.buffer).toBe(buffer)
  expect([packet?.payloadStart, packet?.payloadEnd]).toEqual([12, 14])
})

test('contributing sources and padding are left out of the payload', () => {
  const packet = parseRtpPacket(bytes(`a2 ${fixed} 00000001 00000002 aabbcc 0000 03`))!
  expect([packet.payloadStart, packet.payloadEnd]).toEqual([20, 23])
  const padding = parseRtpPacket(bytes(`a0 ${fixed} 000003`))!
  expect(padding.payloadEnd).toBe(padding.payloadStart)
})

test('one-byte extensions are found behind padding bytes', () => {
  const packet = parseRtpPacket(bytes(`90 ${fixed} bede 0003 00 31 1234 00 50 41 71 6869 00 00 ff`))!
  expect(extensionUint16(packet, 3)).toBe(0x1234)
  expect(extensionText(packet, 5)).toBe('A')
  expect(extensionText(packet, 7)).toBe('hi')
  expect(extensionUint16(packet, 4)).toBe(-1)
  expect(extensionText(packet, 9)).toBeNull()
  expect([packet.payloadStart, packet.payloadEnd]).toEqual([28, 29])
})

test('two-byte extensions may be empty and have ids above 14', () => {
  const packet = parseRtpPacket(bytes(`90 ${fixed} 1000 0002 14 00 15 02 0102 00 00`))!
  expect(extensionText(packet, 20)).toBe('')
  expect(extensionUint16(packet, 21)).toBe(0x0102)
})

test('broken packets are refused and broken extensions are not read past their end', () => {
  expect(parseRtpPacket(bytes('80 60 0001 00000000 000000'))).toBeNull()
  expect(parseRtpPacket(bytes(`40 ${fixed}`))).toBeNull()
  expect(parseRtpPacket(bytes(`90 ${fixed} bede 0009 00000000`))).toBeNull()
  expect(parseRtpPacket(bytes(`a0 ${fixed} ff`))).toBeNull()
  expect(extensionText(parseRtpPacket(bytes(`90 ${fixed} bede 0001 3f 01 02 03`))!, 3)).toBeNull()
})

test('what is written is read back, with extensions and as retransmission', () => {
  const header = { marker: true, payloadType: 102, sequenceNumber: 65_535, timestamp: 4_000_000_000, ssrc: 4_100_000_000 }
  const source = bytes('00 0102030405 00')
  const plain = parseRtpPacket(writeRtpPacket(header, [], source, 1, 6))!
  expect(plain).toMatchObject(header)
  expect(plain.buffer.subarray(plain.payloadStart, plain.payloadEnd)).toEqual(bytes('0102030405'))
  const repaired = parseRtpPacket(
    writeRtpPacket(
      header,
      [
        { id: 4, data: Buffer.from('mid') },
        { id: 2, data: bytes('beef') },
      ],
      source,
      1,
      6,
      777,
    ),
  )!
  expect(extensionText(repaired, 4)).toBe('mid')
  expect(extensionUint16(repaired, 2)).toBe(0xbeef)
  expect(repaired.buffer.subarray(repaired.payloadStart, repaired.payloadEnd)).toEqual(bytes('0309 0102030405'))
})

test('RTCP is told apart from RTP', () => {
  expect(isRtcp(bytes('81 c9 0001 00000000'))).toBe(true)
  expect(isRtcp(bytes(`80 ${fixed}`))).toBe(false)
  expect(isRtcp(bytes('80'))).toBe(false)
})
