import { expect, test } from 'vitest'
import { framePayloads } from './payloads.ts'

const unit = (type: number, length: number): Buffer => Buffer.concat([Buffer.from([0x60 | type]), Buffer.alloc(length - 1, 0xa5)])
const annexB = (...units: Buffer[]): Buffer =>
  Buffer.concat(units.flatMap((part, index) => [Buffer.from(index === 0 ? [0, 0, 0, 1] : [0, 0, 1]), part]))

test('parameter sets travel together, a long picture in fragments that give it back, a delimiter not at all', () => {
  const [sps, pps, picture] = [unit(7, 20), unit(8, 6), unit(5, 3_000)]
  const [aggregate, ...fragments] = framePayloads('h264', annexB(unit(9, 2), sps, pps, picture))
  expect(aggregate).toEqual(Buffer.concat([Buffer.from([0x78, 0, 20]), sps, Buffer.from([0, 6]), pps]))
  expect(fragments.map((fragment) => fragment.readUInt8(1) >> 6)).toEqual([2, 0, 1])
  expect(fragments.every((fragment) => fragment.length <= 1180 && (fragment.readUInt8(0) & 0x1f) === 28)).toBe(true)
  const [first] = fragments
  const header = ((first?.readUInt8(0) ?? 0) & 0xe0) | ((first?.readUInt8(1) ?? 0) & 0x1f)
  expect(Buffer.concat([Buffer.from([header]), ...fragments.map((fragment) => fragment.subarray(2))])).toEqual(picture)
})

test('a short picture travels as it is', () => {
  expect(framePayloads('h264', annexB(unit(1, 500)))).toEqual([unit(1, 500)])
})

test('a VP8 frame is cut with its beginning marked', () => {
  const frame = Buffer.from(Array.from({ length: 2_500 }, (_, index) => index % 251))
  const payloads = framePayloads('vp8', frame)
  expect(payloads.map((payload) => payload.readUInt8(0))).toEqual([0x10, 0, 0])
  expect(Buffer.concat(payloads.map((payload) => payload.subarray(1)))).toEqual(frame)
})
