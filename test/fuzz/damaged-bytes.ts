// Bytes with something wrong in them.
import fc from 'fast-check'

export interface ByteChange {
  readonly kind: 'flip' | 'insert' | 'cut' | 'double'
  readonly at: number
  readonly byte: number
}

/** At least one change. */
export const byteChanges: fc.Arbitrary<ByteChange[]> = fc.array(
  fc.record({ kind: fc.constantFrom('flip', 'insert', 'cut', 'double'), at: fc.nat(), byte: fc.nat(255) }),
  {
    minLength: 1,
    maxLength: 4,
  },
)

/** A changed copy. */
export function damaged(bytes: Uint8Array, changes: readonly ByteChange[]): Uint8Array<ArrayBuffer> {
  let result = Buffer.from(bytes)
  for (const { kind, at, byte } of changes) {
    const place = at % (result.length + 1)
    const [before, after] = [result.subarray(0, place), result.subarray(place)]
    if (kind === 'insert') result = Buffer.concat([before, Buffer.from([byte]), after])
    else if (kind === 'cut') result = Buffer.from(before)
    else if (kind === 'double') result = Buffer.concat([result, after])
    else if (place < result.length) result[place] = byte
  }
  return Uint8Array.from(result)
}
