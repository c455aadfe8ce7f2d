// H.264 in RTP (RFC 6184, packetization modes 0 and 1): NAL units to Annex B access units.
import type { OpenFrame, PayloadFormat } from './frame-assembler.ts'

const NAL = { slice: 1, idr: 5, sei: 6, sps: 7, pps: 8, delimiter: 9, filler: 12, lastSingle: 23, stapA: 24, fuA: 28 } as const
const START_CODE = Buffer.from([0, 0, 0, 1])
/** Picture parameter sets remembered; the standard allows more, no sender uses them. */
const MAX_PPS = 32

export class H264Format implements PayloadFormat {
  #sps: Buffer[] = []
  #pps: Buffer[] = []
  /** Once an IDR came with its SPS in the same access unit, one without it has lost it. */
  #sendsSpsWithIdr = false
  #isFragmentOpen = false
  #hasSps = false
  #hasSlice = false

  append(frame: OpenFrame, payload: Buffer): void {
    if (frame.parts.length === 0) this.#begin(frame, payload)
    if (frame.isDamaged) return
    const type = payload[0]! & 0x1f
    if (this.#isFragmentOpen && type !== NAL.fuA) frame.isDamaged = true
    else if (type >= NAL.slice && type <= NAL.lastSingle) this.#unit(frame, payload)
    else if (type === NAL.stapA) this.#aggregate(frame, payload)
    else if (type === NAL.fuA && payload.length > 2) this.#fragment(frame, payload)
    else frame.isDamaged = true
  }

  finish(frame: OpenFrame): Buffer | null {
    if (this.#isFragmentOpen) frame.isDamaged = true
    if (frame.isDamaged || !this.#hasSlice) return null
    if (!frame.isKeyFrame) return Buffer.concat(frame.parts)
    if (this.#hasSps) {
      this.#sendsSpsWithIdr = true
      return Buffer.concat(frame.parts)
    }
    if (this.#sps.length === 0 || this.#pps.length === 0 || (frame.followsGap && this.#sendsSpsWithIdr)) {
      frame.isDamaged = true
      return null
    }
    return Buffer.concat([...[...this.#sps, ...this.#pps].flatMap((set) => [START_CODE, set]), ...frame.parts])
  }

  /** Only an SPS surely comes before the rest: an IDR slice may have overtaken its parameter sets. */
  beginsKeyFrame(payload: Buffer): boolean {
    const type = payload[0]! & 0x1f
    return type === NAL.sps || (type === NAL.stapA && payload.length > 3 && (payload[3]! & 0x1f) === NAL.sps)
  }

  #begin(frame: OpenFrame, payload: Buffer): void {
    this.#isFragmentOpen = false
    this.#hasSps = false
    this.#hasSlice = false
    if (frame.followsGap && !beginsAccessUnit(payload)) frame.isDamaged = true
  }

  #unit(frame: OpenFrame, unit: Buffer): void {
    const type = unit[0]! & 0x1f
    if (type === NAL.filler) return
    if (type === NAL.sps) this.#rememberSps(unit)
    if (type === NAL.pps) this.#rememberPps(unit)
    this.#note(frame, type)
    frame.parts.push(START_CODE, unit)
  }

  #note(frame: OpenFrame, type: number): void {
    if (type >= NAL.slice && type <= NAL.idr) this.#hasSlice = true
    if (type === NAL.idr) frame.isKeyFrame = true
  }

  #aggregate(frame: OpenFrame, payload: Buffer): void {
    let at = 1
    while (at + 2 < payload.length) {
      const end = at + 2 + payload.readUInt16BE(at)
      if (end === at + 2 || end > payload.length) break
      this.#unit(frame, payload.subarray(at + 2, end))
      at = end
    }
    if (at !== payload.length) frame.isDamaged = true
  }

  #fragment(frame: OpenFrame, payload: Buffer): void {
    const header = payload[1]!
    const isStart = (header & 0x80) !== 0
    if (isStart === this.#isFragmentOpen) {
      frame.isDamaged = true
      return
    }
    if (isStart) {
      this.#note(frame, header & 0x1f)
      if ((header & 0x1f) === NAL.sps) this.#hasSps = true
      frame.parts.push(START_CODE, Buffer.from([(payload[0]! & 0xe0) | (header & 0x1f)]))
    }
    frame.parts.push(payload.subarray(2))
    this.#isFragmentOpen = (header & 0x40) === 0
  }

  #rememberSps(sps: Buffer): void {
    if (!this.#hasSps) {
      this.#sps = []
      this.#pps = []
    }
    this.#hasSps = true
    // A copy: the packet's buffer is a whole chunk of the socket.
    this.#sps.push(Buffer.from(sps))
  }

  #rememberPps(pps: Buffer): void {
    if (this.#pps.length < MAX_PPS && !this.#pps.some((known) => known.equals(pps))) this.#pps.push(Buffer.from(pps))
  }
}

/** Whether a payload can be the first of its access unit: parameter sets, SEI, or the slice of macroblock 0. */
function beginsAccessUnit(payload: Buffer): boolean {
  const type = payload[0]! & 0x1f
  if (type === NAL.stapA) return payload.length > 3 && beginsAccessUnit(payload.subarray(3))
  if (type === NAL.fuA) return payload.length > 2 && (payload[1]! & 0x80) !== 0 && isFirstUnit(payload[1]! & 0x1f, payload[2]!)
  return payload.length > 1 && isFirstUnit(type, payload[1]!)
}

/** A slice header begins with first_mb_in_slice as an Exp-Golomb number: a set first bit is 0. */
function isFirstUnit(type: number, firstByte: number): boolean {
  if (type === NAL.slice || type === NAL.idr) return (firstByte & 0x80) !== 0
  return type === NAL.sps || type === NAL.sei || type === NAL.delimiter
}
