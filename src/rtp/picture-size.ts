// How large the picture of a key frame is, read from the payload that begins it.
import type { TrackCodec } from '../feed/messages.ts'
import { vp8BitstreamStart } from './key-frame.ts'

export interface PictureSize {
  readonly widthPx: number
  readonly heightPx: number
}

/** The size told by an H.264 SPS or a VP8 key frame header in this payload; `null` when there is none. */
export function pictureSize(codec: TrackCodec, buffer: Buffer, start: number, end: number): PictureSize | null {
  if (codec === 'opus' || end <= start) return null
  if (codec === 'vp8') return vp8Size(buffer, vp8BitstreamStart(buffer, start, end), end)
  const type = buffer[start]! & 0x1f
  if (type === 7) return spsSize(buffer.subarray(start, end))
  if (type !== 24) return null
  for (let at = start + 1; at + 2 < end;) {
    const bytes = buffer.readUInt16BE(at)
    if ((buffer[at + 2]! & 0x1f) === 7) return spsSize(buffer.subarray(at + 2, Math.min(end, at + 2 + bytes)))
    at += 2 + bytes
  }
  return null
}

/** RFC 6386 section 9.1: three bytes of frame tag, the start code, then two 14-bit sizes. */
function vp8Size(buffer: Buffer, start: number, end: number): PictureSize | null {
  if (start + 10 > end || (buffer[start]! & 0x01) !== 0) return null
  if (buffer.readUIntBE(start + 3, 3) !== 0x9d012a) return null
  return { widthPx: buffer.readUInt16LE(start + 6) & 0x3fff, heightPx: buffer.readUInt16LE(start + 8) & 0x3fff }
}

const CHROMA_PROFILES = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135])

/** ITU-T H.264 section 7.3.2.1.1, as far as the frame size; `null` for an SPS that ends too early. */
export function spsSize(sps: Buffer): PictureSize | null {
  const bits = new BitReader(withoutEmulationPrevention(sps))
  const profile = bits.fixed(16) & 0xff
  bits.fixed(16)
  bits.unsigned()
  let chromaFormat = 1
  if (CHROMA_PROFILES.has(profile)) {
    chromaFormat = bits.unsigned()
    if (chromaFormat === 3) bits.fixed(1)
    bits.unsigned()
    bits.unsigned()
    bits.fixed(1)
    if (bits.fixed(1) === 1)
      for (let list = 0; list < (chromaFormat === 3 ? 12 : 8); list++) if (bits.fixed(1) === 1) skipScalingList(bits, list < 6 ? 16 : 64)
  }
  bits.unsigned()
  const orderType = bits.unsigned()
  if (orderType === 0) bits.unsigned()
  else if (orderType === 1) {
    bits.fixed(1)
    bits.signed()
    bits.signed()
    for (let left = bits.unsigned(); left > 0 && !bits.isAtEnd; left--) bits.signed()
  }
  bits.unsigned()
  bits.fixed(1)
  const widthMacroblocks = bits.unsigned() + 1
  const heightMapUnits = bits.unsigned() + 1
  const fieldFactor = 2 - bits.fixed(1)
  if (fieldFactor === 2) bits.fixed(1)
  bits.fixed(1)
  const isCropped = bits.fixed(1) === 1
  const [left, right, top, bottom] = isCropped ? [bits.unsigned(), bits.unsigned(), bits.unsigned(), bits.unsigned()] : [0, 0, 0, 0]
  if (bits.isAtEnd) return null
  const cropX = chromaFormat === 1 || chromaFormat === 2 ? 2 : 1
  const cropY = (chromaFormat === 1 ? 2 : 1) * fieldFactor
  return {
    widthPx: widthMacroblocks * 16 - (left + right) * cropX,
    heightPx: heightMapUnits * 16 * fieldFactor - (top + bottom) * cropY,
  }
}

function skipScalingList(bits: BitReader, size: number): void {
  let last = 8
  for (let index = 0; index < size; index++) {
    last = (last + bits.signed() + 256) % 256
    if (last === 0) return
  }
}

function withoutEmulationPrevention(unit: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(unit.length)
  let length = 0
  for (let at = 0; at < unit.length; at++) {
    if (at >= 2 && unit[at] === 3 && unit[at - 1] === 0 && unit[at - 2] === 0) continue
    bytes[length++] = unit[at]!
  }
  return bytes.subarray(0, length)
}

/** Bits and Exp-Golomb numbers (section 9.1); reads zeros behind the end. */
class BitReader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  /** More was read than there is. */
  get isAtEnd(): boolean {
    return this.#at > this.#bytes.length * 8
  }

  fixed(count: number): number {
    let value = 0
    for (let left = count; left > 0; left--, this.#at++)
      value = value * 2 + (((this.#bytes[this.#at >> 3] ?? 0) >> (7 - (this.#at & 7))) & 1)
    return value
  }

  unsigned(): number {
    let zeros = 0
    while (zeros < 32 && this.fixed(1) === 0) zeros += 1
    return 2 ** zeros - 1 + this.fixed(zeros)
  }

  signed(): number {
    const value = this.unsigned()
    return value % 2 === 1 ? (value + 1) / 2 : -value / 2
  }
}
