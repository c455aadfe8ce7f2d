import { expect, test } from 'vitest'
import { parseRtpPacket } from '../../../rtp/packet.ts'
import { writeRtpPacket } from '../../../rtp/write-packet.ts'
import { FrameAssembler, type PayloadFormat } from './frame-assembler.ts'
import { H264Format } from './h264.ts'
import { opusPacketSamples } from './opus.ts'
import { Vp8Format } from './vp8.ts'

function setUp(format: PayloadFormat) {
  const log: string[] = []
  const assembler = new FrameAssembler(format, {
    frame: ({ data, isKeyFrame, timestamp }) =>
      log.push(`${isKeyFrame ? 'key' : 'delta'} ${timestamp} ${data.toString('hex').replaceAll('00000001', ' ').trim()}`),
    damaged: () => log.push('damaged'),
  })
  const push = (hex: string, timestamp: number, marker = false): void => {
    const payload = Buffer.from(hex.replaceAll(' ', ''), 'hex')
    assembler.push(
      parseRtpPacket(writeRtpPacket({ marker, payloadType: 96, sequenceNumber: 1, timestamp, ssrc: 1 }, [], payload, 0, payload.length))!,
    )
  }
  return { push, log, gap: () => assembler.gap() }
}

const SPS = '6742e01f'
const PPS = '68ce3c80'

test('H.264: STAP-A, FU-A and single units become one access unit', () => {
  const { push, log } = setUp(new H264Format())
  push(`78 0004 ${SPS} 0004 ${PPS}`, 1)
  push('7c85 88aa', 1)
  push('7c05 bb', 1)
  push('7c45 cc', 1, true)
  push('41 9a01', 2, true)
  expect(log).toEqual([`key 1 ${SPS} ${PPS} 6588aabbcc`, 'delta 2 419a01'])
})

test('H.264: a key frame without parameter sets gets the last ones', () => {
  const { push, log } = setUp(new H264Format())
  push(SPS, 1)
  push(PPS, 1, true)
  push('65 88', 2, true)
  push('65 89', 3, true)
  expect(log).toEqual([`key 2 ${SPS} ${PPS} 6588`, `key 3 ${SPS} ${PPS} 6589`])
})

test('H.264: a key frame whose parameter sets may have been lost is damaged', () => {
  const { push, log, gap } = setUp(new H264Format())
  push(`78 0004 ${SPS} 0004 ${PPS}`, 1)
  push('65 88', 1, true)
  gap()
  push('65 89', 2, true)
  push('65 8a', 3, true)
  expect(log).toEqual([`key 1 ${SPS} ${PPS} 6588`, 'damaged', `key 3 ${SPS} ${PPS} 658a`])
})

test('H.264: without any parameter sets nothing is a key frame', () => {
  const { push, log } = setUp(new H264Format())
  push('65 88', 1, true)
  expect(log).toEqual(['damaged'])
})

test('H.264: a frame cut at its beginning, middle or end is damaged', () => {
  const { push, log, gap } = setUp(new H264Format())
  push(`78 0004 ${SPS} 0004 ${PPS}`, 1)
  push('65 88', 1, true)
  gap()
  push('41 1a', 2, true)
  push('5c81 9a', 3)
  gap()
  push('5c01 bb', 3)
  push('5c41 cc', 3, true)
  push('5c81 9a', 4)
  push('41 9a', 5, true)
  push('78 00ff 41', 6, true)
  push('7d 00', 7, true)
  expect(log.filter((line) => line !== 'damaged')).toEqual([`key 1 ${SPS} ${PPS} 6588`, 'delta 5 419a'])
  expect(log.filter((line) => line === 'damaged').length).toBe(6)
})

test('a frame without marker ends where the next begins; padding is no frame', () => {
  const { push, log } = setUp(new H264Format())
  push(`78 0004 ${SPS} 0004 ${PPS}`, 1)
  push('65 88', 1)
  push('', 1, true)
  push('41 9a', 2)
  push('41 9b', 3, true)
  expect(log).toEqual([`key 1 ${SPS} ${PPS} 6588`, 'delta 2 419a', 'delta 3 419b'])
})

test('VP8: the descriptor goes, partitions are joined', () => {
  const { push, log } = setUp(new Vp8Format())
  push('90 80 8123 50aa', 1)
  push('80 80 8123 bb', 1)
  push('91 80 8123 cc', 1, true)
  push('10 51dd', 2, true)
  expect(log).toEqual(['key 1 50aabbcc', 'delta 2 51dd'])
})

test('VP8: a frame without its beginning is damaged', () => {
  const { push, log, gap } = setUp(new Vp8Format())
  push('00 50', 1, true)
  gap()
  push('11 50', 2, true)
  push('10 51', 3, true)
  expect(log).toEqual(['damaged', 'damaged', 'delta 3 51'])
})

test.each([
  ['20 ms CELT', 'fc', 960],
  ['60 ms SILK', '18', 2880],
  ['two frames of 20 ms', '79', 1920],
  ['three frames of 10 ms, counted', '73 03', 1440],
  ['too long', 'fb 3f', 0],
  ['cut', 'fb', 0],
  ['nothing', '', 0],
])('Opus: %s', (_name, hex, samples) => {
  expect(opusPacketSamples(Buffer.from(hex.replaceAll(' ', ''), 'hex'))).toBe(samples)
})
