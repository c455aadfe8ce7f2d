// The client's side of the simple RTMP handshake (Adobe, RTMP Specification 1.0, 5.2).
import { randomBytes } from 'node:crypto'

const VERSION = 3
const PART_BYTES = 1536

/** C0 and C1. */
export function handshakeHello(): Buffer {
  const hello = Buffer.alloc(1 + PART_BYTES)
  hello[0] = VERSION
  // Time and the zero field stay 0: they say that no digest is meant.
  randomBytes(PART_BYTES - 8).copy(hello, 9)
  return hello
}

/**
 * Reads S0, S1 and S2.
 * @returns C2 and what the server sent after its handshake; `null` while bytes are missing
 * @throws {RangeError} if the server speaks another version
 */
export function handshakeAnswer(received: Buffer): { answer: Buffer; rest: Buffer } | null {
  if (received.length > 0 && received[0] !== VERSION) throw new RangeError(`RTMP version ${received[0]} instead of ${VERSION}.`)
  const end = 1 + 2 * PART_BYTES
  if (received.length < end) return null
  return { answer: Buffer.from(received.subarray(1, 1 + PART_BYTES)), rest: received.subarray(end) }
}
