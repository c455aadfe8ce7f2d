// Cuts a stream of FLV into its tags (Adobe FLV 10.1, annex E).

export interface FlvTag {
  readonly kind: 'audio' | 'video' | 'script'
  readonly timestampMs: number
  readonly data: Buffer
  /** Whether the tag carries a picture or sound rather than a decoder's configuration. */
  readonly isMedia: boolean
}

const fileHeaderBytes = 13
const tagHeaderBytes = 11
const kinds: Record<number, FlvTag['kind']> = { 8: 'audio', 9: 'video', 18: 'script' }

/** The tags of a stream as they become whole. @throws {Error} when the stream is not FLV */
export async function* flvTags(stream: AsyncIterable<Uint8Array>): AsyncGenerator<FlvTag> {
  let rest: Buffer = Buffer.alloc(0)
  let skip = fileHeaderBytes
  for await (const chunk of stream) {
    rest = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk])
    if (skip > 0) {
      if (rest.length < skip) continue
      if (rest.toString('latin1', 0, 3) !== 'FLV') throw new Error('The stream does not begin with an FLV header.')
      rest = rest.subarray(skip)
      skip = 0
    }
    for (;;) {
      const size = rest.length < tagHeaderBytes ? Number.POSITIVE_INFINITY : rest.readUIntBE(1, 3)
      // Four bytes with the tag's size follow each tag.
      if (rest.length < tagHeaderBytes + size + 4) break
      const kind = kinds[rest.readUInt8(0) & 0x1f]
      const timestampMs = (rest.readUInt8(7) * 2 ** 24 + rest.readUIntBE(4, 3)) >>> 0
      const data = rest.subarray(tagHeaderBytes, tagHeaderBytes + size)
      rest = rest.subarray(tagHeaderBytes + size + 4)
      if (kind !== undefined) yield { kind, timestampMs, data, isMedia: kind !== 'script' && data.length > 1 && data.readUInt8(1) === 1 }
    }
  }
}
