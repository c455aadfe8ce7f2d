import { expect, test } from 'vitest'
import { controlFrame, FrameReader, mediaHeader } from './framing.ts'

function collect() {
  const got: unknown[] = []
  const reader = new FrameReader({
    control: (message) => got.push(message),
    media: (trackId, packet) => got.push([trackId, packet.toString('hex')]),
  })
  return { got, reader }
}
const packet = Buffer.from('8060000100000000000000070102', 'hex')
const stream = Buffer.concat([controlFrame({ type: 'entered' }), mediaHeader(7, packet.length), packet, controlFrame({ text: 'ä' })])
const expected = [{ type: 'entered' }, [7, packet.toString('hex')], { text: 'ä' }]

test.each([1, 2, 5, 9, 13, 1_000])('frames come out whole however the stream is cut: %d bytes at a time', (size) => {
  const { got, reader } = collect()
  for (let at = 0; at < stream.length; at += size) reader.push(stream.subarray(at, at + size))
  expect(got).toEqual(expected)
})

test.each([
  ['length 0', '00000000 00', /1 to 1048576 \(got 0\)/],
  ['too long', '00100001 00', /got 1048577/],
  ['unknown kind', '00000001 09', /kind 9/],
  ['media without a packet', '00000005 01 00000007', /kind 1 and 5 bytes/],
])('a broken frame is refused: %s', (_name, hex, message) => {
  expect(() => collect().reader.push(Buffer.from(hex.replaceAll(' ', ''), 'hex'))).toThrow(message)
})
