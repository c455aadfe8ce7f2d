import { expect, test } from 'vitest'
import { startsKeyFrame, vp8BitstreamStart } from './key-frame.ts'
import type { TrackCodec } from '../feed/messages.ts'

const starts = (codec: TrackCodec, hex: string): boolean => {
  const payload = Buffer.from(`ff${hex.replaceAll(' ', '')}ff`, 'hex')
  return startsKeyFrame(codec, payload, 1, payload.length - 1)
}

test.each([
  ['single SPS', '67 42e01f', true],
  ['single PPS', '68 ce', false],
  ['single IDR', '65 88', true],
  ['single non-IDR', '41 9a', false],
  ['STAP-A of SPS and PPS', '78 0002 6742 0002 68ce', true],
  ['STAP-A of SEI, then SPS', '78 0002 0605 0002 6742', true],
  ['STAP-A of SEI and slice', '78 0002 0605 0002 419a', false],
  ['STAP-A cut short', '78 00', false],
  ['first fragment of an IDR', '7c 85 00', true],
  ['later fragment of an IDR', '7c 05 00', false],
  ['first fragment of a slice', '5c 81 00', false],
])('H.264: %s', (_name, hex, expected) => {
  expect(starts('h264', hex)).toBe(expected)
})

test.each([
  ['key frame, no descriptor extension', '10 50', true],
  ['delta frame', '10 51', false],
  ['key frame with 15-bit picture id, TL0PICIDX and TID', '90 e0 8123 07 20 50', true],
  ['delta frame with 7-bit picture id', '90 80 12 51', false],
  ['continuation of the first partition', '00 50', false],
  ['start of the second partition', '11 50', false],
  ['descriptor cut short', '90 e0', false],
])('VP8: %s', (_name, hex, expected) => {
  expect(starts('vp8', hex)).toBe(expected)
})

test('no payload is no key frame, any Opus packet is one', () => {
  expect(starts('h264', '')).toBe(false)
  expect(starts('vp8', '')).toBe(false)
  expect(starts('opus', 'fc')).toBe(true)
})

test('the VP8 bitstream begins behind the descriptor', () => {
  expect(vp8BitstreamStart(Buffer.from('90e081230720509d', 'hex'), 0, 8)).toBe(6)
})
