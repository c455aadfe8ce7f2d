import { expect, test } from 'vitest'
import { ChunkReader } from './chunk-reader.ts'
import { writeMessage } from './chunk-writer.ts'
import { messageType, type RtmpMessage } from './message.ts'

/** Blanks are for the reader. */
const hex = (text: string): string => text.replaceAll(' ', '')

const message = (timestampMs: number, bytes: number, type: number = messageType.video): RtmpMessage => ({
  type,
  streamId: 1,
  timestampMs,
  body: Buffer.from(Uint8Array.from({ length: bytes }, (_, index) => index % 251)),
})
const chunkSizeOf = (size: number): Buffer => {
  const body = Buffer.alloc(4)
  body.writeUInt32BE(size)
  return writeMessage(2, { type: messageType.setChunkSize, streamId: 0, timestampMs: 0, body }, 128)
}

test.each([0, 1, 0xfffffe, 0xffffff, 0x1000000, 2 ** 32 - 1])('timestamp %i survives, in one chunk and in many', (timestampMs) => {
  for (const bytes of [0, 1, 128, 129, 1000]) {
    const sent = message(timestampMs, bytes)
    expect(new ChunkReader().push(writeMessage(6, sent, 128))).toEqual([sent])
  }
})

test('timestamps beyond 32 bits wrap', () => {
  expect(new ChunkReader().push(writeMessage(6, message(2 ** 32 + 5, 3), 128))[0]?.timestampMs).toBe(5)
})

test('a header is laid out as specified', () => {
  expect(writeMessage(4, { type: 8, streamId: 1, timestampMs: 0x010203, body: Buffer.of(9, 9) }, 128).toString('hex')).toBe(
    hex('04 010203 000002 08 01000000 0909'),
  )
  const long = writeMessage(6, { type: 9, streamId: 1, timestampMs: 0x01000000, body: Buffer.of(1, 2, 3) }, 2)
  expect(long.toString('hex')).toBe(hex('06 ffffff 000003 09 01000000 01000000 0102 c6 01000000 03'))
})

test('bytes may come one at a time, chunk streams mixed, chunk size changing', () => {
  const video = message(40, 300)
  const audio = message(41, 100, messageType.audio)
  const [first, second, third] = [0, 1, 2].map((part) => writeMessage(6, video, 128).subarray([0, 140, 269][part], [140, 269, 314][part]))
  const parts = [first, writeMessage(4, audio, 128), second, third, chunkSizeOf(1000), writeMessage(4, message(60, 900), 1000)]
  const reader = new ChunkReader()
  const received = Array.from(Buffer.concat(parts.map((part) => part ?? Buffer.alloc(0)))).flatMap((byte) => reader.push(Buffer.of(byte)))
  expect(received).toEqual([audio, video, message(60, 900)])
})

test('shortened headers inherit and add up', () => {
  const full = writeMessage(5, { type: 20, streamId: 7, timestampMs: 1000, body: Buffer.of(1) }, 128)
  const sameStream = Buffer.of(0x45, 0, 0, 10, 0, 0, 1, 20, 2)
  const sameLength = Buffer.of(0x85, 0, 0, 5, 3)
  const sameAll = Buffer.of(0xc5, 4)
  const received = new ChunkReader().push(Buffer.concat([full, sameStream, sameLength, sameAll]))
  expect(received.map(({ timestampMs, streamId, body }) => [timestampMs, streamId, body[0]])).toEqual([
    [1000, 7, 1],
    [1010, 7, 2],
    [1015, 7, 3],
    [1020, 7, 4],
  ])
})

test('chunk stream ids of two and three bytes are read', () => {
  const body = [0, 0, 1, 0, 0, 1, 20, 0, 0, 0, 0, 9]
  expect(new ChunkReader().push(Buffer.from([0x00, 200, ...body, 0x01, 1, 2, ...body]))).toHaveLength(2)
})

test('an abort forgets the half message', () => {
  const half = writeMessage(6, message(1, 200), 128).subarray(0, 140)
  const abort = Buffer.from([2, 0, 0, 0, 0, 0, 4, messageType.abort, 0, 0, 0, 0, 0, 0, 0, 6])
  expect(new ChunkReader().push(Buffer.concat([half, abort, writeMessage(6, message(2, 5), 128)]))).toEqual([message(2, 5)])
})

test.each([
  ['a message of 16 MB', Buffer.of(6, 0, 0, 0, 0xff, 0xff, 0xff, 9, 0, 0, 0, 0)],
  ['a continuation of nothing', Buffer.of(0xc6, 1)],
  ['chunk size 0', chunkSizeOf(0)],
])('%s is a RangeError', (_, bytes) => {
  expect(() => new ChunkReader().push(bytes)).toThrow(RangeError)
})
