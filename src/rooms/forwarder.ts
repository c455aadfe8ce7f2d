// One receiver's view of a track: one continuous line of sequence numbers and timestamps, whatever layer it comes
// from. A layer is entered at a key frame only.
import { startsKeyFrame } from '../rtp/key-frame.ts'
import type { RtpPacket } from '../rtp/packet.ts'
import type { PictureSize } from '../rtp/picture-size.ts'
import { ntpToUnixMs, type SenderReport } from '../rtp/rtcp/sender-report.ts'
import { sequenceDifference, timestampDifference } from '../rtp/sequence.ts'
import { chooseLayer } from './choose-layer.ts'
import type { IncomingStream } from './incoming-stream.ts'
import type { Track } from './track.ts'

/** Where forwarded packets go. Returns and closures are the sink's business; it must not throw. */
export interface ForwarderSink {
  /** The payload is `packet`'s; sequence number and timestamp are the receiver's. */
  forward(packet: RtpPacket, sequenceNumber: number, timestamp: number, nowMs: number): void
  /** The publisher's wall clock showed the report's NTP time at `timestamp` of the receiver's line. */
  clock(report: SenderReport, timestamp: number): void
}

/** A stretch of the receiver's line that comes from one layer. */
interface Segment {
  readonly layer: IncomingStream
  /** The layer's places from here on belong to the stretch. */
  readonly firstPlace: number
  /** Receiver's place less layer's place. */
  readonly placeOffset: number
  readonly timestampOffset: number
}

/** Stretches that retransmissions are still answered from. */
const MAX_SEGMENTS = 4
/** Packets missing right before a key frame that may hold its parameter sets. */
const MAX_LEADING_GAP = 8
const KEY_FRAME_RETRY_MS = 500
/** Sender reports further off than this are not believed at a switch. */
const MAX_CLOCK_DISAGREEMENT_SEC = 1

export class Forwarder {
  readonly #sink: ForwarderSink
  #track: Track | null = null
  #target: IncomingStream | null = null
  #segments: Segment[] = []
  #highestPlace: number
  #highestTimestamp = 0
  #highestAt = 0
  #wantedSize: PictureSize | null = null
  #maxLayers = Number.POSITIVE_INFINITY
  #askedAt = Number.NEGATIVE_INFINITY

  /** @param firstSequenceNumber of the receiver's line */
  constructor(sink: ForwarderSink, firstSequenceNumber = 0) {
    this.#sink = sink
    this.#highestPlace = firstSequenceNumber - 1
  }

  get track(): Track | null {
    return this.#track
  }

  /** The layer being forwarded; `null` before the first key frame. */
  get layer(): IncomingStream | null {
    return this.#segments[0]?.layer ?? null
  }

  /** Follows another track, or none; the line goes on. */
  attach(track: Track | null, nowMs: number): void {
    this.#track?.removeForwarder(this)
    this.#track = track
    this.#target = null
    track?.addForwarder(this)
    this.tick(nowMs)
  }

  /** How large the picture is shown. */
  wantSize(size: PictureSize | null, nowMs: number): void {
    this.#wantedSize = size
    this.tick(nowMs)
  }

  /** How many layers, counted from the smallest, the receiver's network carries. */
  limitLayers(maxLayers: number, nowMs: number): void {
    this.#maxLayers = maxLayers
    this.tick(nowMs)
  }

  /** The receiver cannot decode; relayed to the publisher. */
  requestKeyFrame(nowMs: number): void {
    ;(this.#target ?? this.layer)?.requestKeyFrame(nowMs)
  }

  /** Chooses the layer anew and repeats key frame requests that were not answered. */
  tick(nowMs: number): void {
    if (this.#track === null || this.#track.layers.length === 0) return
    const chosen = chooseLayer(this.#track.layers, { size: this.#wantedSize, maxLayers: this.#maxLayers }, nowMs)
    const target = chosen === this.layer ? null : chosen
    if (target !== this.#target) this.#askedAt = Number.NEGATIVE_INFINITY
    this.#target = target
    if (target === null || nowMs - this.#askedAt < KEY_FRAME_RETRY_MS) return
    this.#askedAt = nowMs
    target.requestKeyFrame(nowMs)
  }

  /** Takes a packet of any layer of the track. */
  receive(layer: IncomingStream, packet: RtpPacket, place: number, nowMs: number): void {
    if (this.#target === null && this.#segments.length === 0) this.tick(nowMs)
    if (layer === this.#target && startsKeyFrame(layer.codec, packet.buffer, packet.payloadStart, packet.payloadEnd)) {
      this.#enter(layer, packet, place, nowMs)
      return
    }
    const segment = this.#segments[0]
    if (segment === undefined || segment.layer !== layer || place < segment.firstPlace) return
    this.#emit(segment, packet, place, nowMs)
  }

  senderReported(layer: IncomingStream): void {
    const segment = this.#segments[0]
    const report = layer.senderReport
    if (segment?.layer === layer && report !== null) this.#sink.clock(report, (report.rtpTimestamp + segment.timestampOffset) >>> 0)
  }

  /** The packet that was or should have been sent under a sequence number, with its timestamp on the receiver's line. */
  lookUp(sequenceNumber: number): { packet: RtpPacket; timestamp: number } | null {
    const place = this.#highestPlace + sequenceDifference(sequenceNumber, this.#highestPlace & 0xffff)
    const segment = this.#segments.find(({ firstPlace, placeOffset }) => place >= firstPlace + placeOffset)
    const packet = segment?.layer.packetAt(place - segment.placeOffset)
    return segment === undefined || packet === undefined ? null : { packet, timestamp: (packet.timestamp + segment.timestampOffset) >>> 0 }
  }

  close(): void {
    this.#track?.removeForwarder(this)
    this.#track = null
    this.#target = null
  }

  #enter(layer: IncomingStream, packet: RtpPacket, place: number, nowMs: number): void {
    let firstPlace = place
    // What is missing right before may be the key frame's parameter sets: leave room for their repair.
    while (place - firstPlace < MAX_LEADING_GAP && layer.isMissing(firstPlace - 1)) firstPlace -= 1
    const timestampOffset = timestampDifference(this.#entryTimestamp(layer, packet.timestamp, nowMs), packet.timestamp)
    const segment = { layer, firstPlace, placeOffset: this.#highestPlace + 1 - firstPlace, timestampOffset }
    this.#segments = [segment, ...this.#segments.slice(0, MAX_SEGMENTS - 1)]
    this.#target = null
    // The packet that begins the key frame may be a repaired one: what came after it is at hand.
    for (let next = place; next <= layer.highestPlace; next++) {
      const stored = next === place ? packet : layer.packetAt(next)
      if (stored !== undefined) this.#emit(segment, stored, next, nowMs)
    }
    this.senderReported(layer)
  }

  /** Where on the receiver's line a new layer begins: by the sender reports of both if they make sense, else by our clock. */
  #entryTimestamp(layer: IncomingStream, timestamp: number, nowMs: number): number {
    const last = this.#segments[0]
    if (last === undefined) return timestamp
    const elapsed = Math.max(1, Math.round(((nowMs - this.#highestAt) * layer.clockRateHz) / 1000))
    const byClock = (this.#highestTimestamp + elapsed) >>> 0
    const [from, to] = [last.layer.senderReport, layer.senderReport]
    if (from === null || to === null) return byClock
    const unixMs = ntpToUnixMs(to) + (timestampDifference(timestamp, to.rtpTimestamp) * 1000) / layer.clockRateHz
    const byReports =
      (from.rtpTimestamp + last.timestampOffset + Math.round(((unixMs - ntpToUnixMs(from)) * layer.clockRateHz) / 1000)) >>> 0
    const isBelievable =
      Math.abs(timestampDifference(byReports, byClock)) < MAX_CLOCK_DISAGREEMENT_SEC * layer.clockRateHz &&
      timestampDifference(byReports, this.#highestTimestamp) > 0
    return isBelievable ? byReports : byClock
  }

  #emit(segment: Segment, packet: RtpPacket, place: number, nowMs: number): void {
    const outPlace = place + segment.placeOffset
    const timestamp = (packet.timestamp + segment.timestampOffset) >>> 0
    if (outPlace > this.#highestPlace) {
      this.#highestPlace = outPlace
      this.#highestTimestamp = timestamp
      this.#highestAt = nowMs
    }
    this.#sink.forward(packet, outPlace & 0xffff, timestamp, nowMs)
  }
}
