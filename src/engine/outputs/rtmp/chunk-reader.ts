// Chunks to messages (Adobe, RTMP Specification 1.0, 5.3.1), fed with whatever the socket gives.
import { messageType, type RtmpMessage } from './message.ts'

const EXTENDED = 0xffffff
/** A server has little to say to a publisher: what is longer is not RTMP. */
const MAX_MESSAGE_BYTES = 1024 * 1024
const MAX_CHUNK_STREAMS = 64
const headerBytes = [11, 7, 3, 0] as const

interface ChunkStream {
  timestamp: number
  delta: number
  isExtended: boolean
  length: number
  type: number
  streamId: number
  parts: Buffer[]
  received: number
}

export class ChunkReader {
  readonly #streams = new Map<number, ChunkStream>()
  #buffer: Buffer = Buffer.alloc(0)
  #chunkSize = 128

  /**
   * Takes received bytes, gives the messages they complete. Set Chunk Size and Abort are obeyed here.
   * @throws {RangeError} if the bytes cannot be RTMP
   */
  push(data: Buffer): RtmpMessage[] {
    this.#buffer = this.#buffer.length === 0 ? data : Buffer.concat([this.#buffer, data])
    const messages: RtmpMessage[] = []
    for (let used = this.#readChunk(messages); used > 0; used = this.#readChunk(messages)) this.#buffer = this.#buffer.subarray(used)
    return messages
  }

  /** Reads one chunk; 0 if it is not there yet. */
  #readChunk(messages: RtmpMessage[]): number {
    const data = this.#buffer
    const basic = readBasicHeader(data)
    if (basic === null) return 0
    const { format, chunkStreamId } = basic
    let offset = basic.bytes
    if (data.length < offset + headerBytes[format]) return 0
    const before = this.#streams.get(chunkStreamId)
    if (before === undefined && format === 3) throw new RangeError(`RTMP chunk stream ${chunkStreamId} starts without a header.`)
    const stream: ChunkStream = { ...(before ?? emptyStream()) }
    const field = format < 3 ? data.readUIntBE(offset, 3) : 0
    if (format < 3) stream.isExtended = field === EXTENDED
    if (format < 2) {
      stream.length = data.readUIntBE(offset + 3, 3)
      stream.type = data.readUInt8(offset + 6)
    }
    if (format === 0) stream.streamId = data.readUInt32LE(offset + 7)
    offset += headerBytes[format]
    let time = field
    if (stream.isExtended) {
      if (data.length < offset + 4) return 0
      time = data.readUInt32BE(offset)
      offset += 4
    }
    if (stream.length > MAX_MESSAGE_BYTES)
      throw new RangeError(`RTMP message of ${stream.length} bytes; at most ${MAX_MESSAGE_BYTES} are taken.`)
    const bytes = Math.min(this.#chunkSize, stream.length - stream.received)
    if (data.length < offset + bytes) return 0

    if (format === 0) stream.timestamp = time
    if (format === 1 || format === 2) stream.delta = time
    // A chunk of format 3 that begins a message repeats the delta before it.
    if (format !== 0 && stream.received === 0) stream.timestamp = (stream.timestamp + stream.delta) % 2 ** 32
    if (format === 0) stream.delta = 0
    stream.parts = [...stream.parts, Buffer.from(data.subarray(offset, offset + bytes))]
    stream.received += bytes
    if (stream.received >= stream.length) {
      this.#complete(
        { type: stream.type, streamId: stream.streamId, timestampMs: stream.timestamp, body: Buffer.concat(stream.parts) },
        messages,
      )
      stream.parts = []
      stream.received = 0
    }
    this.#streams.set(chunkStreamId, stream)
    if (this.#streams.size > MAX_CHUNK_STREAMS) throw new RangeError(`More than ${MAX_CHUNK_STREAMS} RTMP chunk streams.`)
    return offset + bytes
  }

  #complete(message: RtmpMessage, messages: RtmpMessage[]): void {
    if (message.type === messageType.setChunkSize) {
      const size = message.body.readUInt32BE(0)
      if (size === 0 || size > 0x7fffffff) throw new RangeError(`RTMP chunk size ${size} must be 1 to 2147483647.`)
      this.#chunkSize = size
    } else if (message.type === messageType.abort) {
      const stream = this.#streams.get(message.body.readUInt32BE(0))
      if (stream !== undefined) Object.assign(stream, { parts: [], received: 0 })
    } else {
      messages.push(message)
    }
  }
}

const emptyStream = (): ChunkStream => ({
  timestamp: 0,
  delta: 0,
  isExtended: false,
  length: 0,
  type: 0,
  streamId: 0,
  parts: [],
  received: 0,
})

/** Chunk stream ids of 64 and more take one or two further bytes. */
function readBasicHeader(data: Buffer): { format: 0 | 1 | 2 | 3; chunkStreamId: number; bytes: number } | null {
  const first = data[0]
  if (first === undefined) return null
  const format = (first >> 6) as 0 | 1 | 2 | 3
  const low = first & 0x3f
  if (low > 1) return { format, chunkStreamId: low, bytes: 1 }
  const bytes = low + 2
  if (data.length < bytes) return null
  return { format, chunkStreamId: 64 + data.readUIntLE(1, bytes - 1), bytes }
}
