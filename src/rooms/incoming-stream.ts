// The receive side of one SSRC: loss, duplicates, repair, statistics and the history that repairs are answered from.
import type { TrackCodec } from '../feed/messages.ts'
import { startsKeyFrame } from '../rtp/key-frame.ts'
import type { RtpPacket } from '../rtp/packet.ts'
import { pictureSize, type PictureSize } from '../rtp/picture-size.ts'
import type { ReportBlock } from '../rtp/rtcp/receiver-report.ts'
import { compactNtp, type SenderReport } from '../rtp/rtcp/sender-report.ts'
import { SequenceUnwrapper } from '../rtp/sequence.ts'
import type { Counters } from './counters.ts'
import { MissingPackets } from './missing-packets.ts'
import { PacketHistory } from './packet-history.ts'

export interface IncomingStreamOptions {
  readonly ssrc: number
  readonly codec: TrackCodec
  readonly clockRateHz: number
  /** Name of the simulcast layer; empty without simulcast. */
  readonly rid: string
  /** Whether the peer repairs this stream when NACKed. */
  readonly isRepaired: boolean
  readonly counters: Counters
  readonly sendNack: (ssrc: number, sequenceNumbers: number[]) => void
  readonly sendKeyFrameRequest: (ssrc: number) => void
}

const KEY_FRAME_REQUEST_INTERVAL_MS = 200
const RATE_WINDOW_MS = 500

export class IncomingStream {
  readonly ssrc: number
  readonly codec: TrackCodec
  readonly clockRateHz: number
  readonly rid: string
  readonly #options: IncomingStreamOptions
  readonly #unwrapper = new SequenceUnwrapper()
  readonly #missing = new MissingPackets()
  readonly #history: PacketHistory
  #firstPlace = Number.NaN
  #highestPlace = Number.NaN
  #packets = 0
  #lastPacketAt = 0
  #size: PictureSize | null = null
  #senderReport: SenderReport | null = null
  #senderReportAt = 0
  #lastTransit = Number.NaN
  #jitter = 0
  #reportedExpected = 0
  #reportedPackets = 0
  #bytes = 0
  #windowBytes = 0
  #windowAt = Number.NaN
  #bitRateKbps = 0
  #keyFrameRequestedAt = Number.NEGATIVE_INFINITY
  #isKeyFrameWanted = false

  constructor(options: IncomingStreamOptions) {
    this.ssrc = options.ssrc
    this.codec = options.codec
    this.clockRateHz = options.clockRateHz
    this.rid = options.rid
    this.#options = options
    this.#history = new PacketHistory(options.codec === 'opus' ? 128 : 1024)
  }

  get highestPlace(): number {
    return this.#highestPlace
  }

  get lastPacketAt(): number {
    return this.#lastPacketAt
  }

  /** Of the newest key frame; `null` before one. */
  get size(): PictureSize | null {
    return this.#size
  }

  get senderReport(): SenderReport | null {
    return this.#senderReport
  }

  get bitRateKbps(): number {
    return this.#bitRateKbps
  }

  /** Packets that will not come any more. */
  get packetsLost(): number {
    return this.#options.isRepaired ? this.#missing.lost : Math.max(0, this.#expected - this.#packets)
  }

  packetAt(place: number): RtpPacket | undefined {
    return this.#history.get(place)
  }

  /** Whether the packet of this place may still come. */
  isMissing(place: number): boolean {
    return this.#missing.has(place)
  }

  /** Takes a packet in. Returns its place on the unwrapped line, `NaN` for duplicates and packets long given up. */
  receive(packet: RtpPacket, isRetransmission: boolean, nowMs: number): number {
    const place = this.#unwrapper.unwrap(packet.sequenceNumber)
    if (Number.isNaN(this.#highestPlace)) {
      if (isRetransmission) return Number.NaN
      this.#firstPlace = place
      this.#highestPlace = place
      this.#windowAt = nowMs
    } else if (place > this.#highestPlace) {
      if (place > this.#highestPlace + 1) this.#skipped(place, nowMs)
      this.#highestPlace = place
    } else if (
      !this.#missing.arrived(place, isRetransmission, nowMs) &&
      (this.#history.get(place) !== undefined || this.#options.isRepaired)
    ) {
      return Number.NaN
    }
    this.#packets += 1
    this.#bytes += packet.buffer.length
    this.#lastPacketAt = nowMs
    this.#history.put(place, packet)
    if (!isRetransmission) this.#measureJitter(packet.timestamp, nowMs)
    if (
      this.codec !== 'opus' &&
      packet.payloadEnd > packet.payloadStart &&
      startsKeyFrame(this.codec, packet.buffer, packet.payloadStart, packet.payloadEnd)
    ) {
      this.#size = pictureSize(this.codec, packet.buffer, packet.payloadStart, packet.payloadEnd) ?? this.#size
      this.#isKeyFrameWanted = false
    }
    return place
  }

  /** The publisher's clock mapping. */
  reported(report: SenderReport, nowMs: number): void {
    this.#senderReport = report
    this.#senderReportAt = nowMs
  }

  /** Asks the publisher for a key frame, at most once per 200 ms; a request in between is made up for by `tick`. */
  requestKeyFrame(nowMs: number): void {
    if (this.codec === 'opus') return
    this.#isKeyFrameWanted = nowMs - this.#keyFrameRequestedAt < KEY_FRAME_REQUEST_INTERVAL_MS
    if (this.#isKeyFrameWanted) return
    this.#keyFrameRequestedAt = nowMs
    this.#options.counters.keyFrameRequests += 1
    this.#options.sendKeyFrameRequest(this.ssrc)
  }

  /** Repairs and statistics; to be called every 10 ms or so. */
  tick(nowMs: number): void {
    if (this.#isKeyFrameWanted) this.requestKeyFrame(nowMs)
    if (this.#missing.count > 0) {
      const lostBefore = this.#missing.lost
      const { places, gaveUp } = this.#missing.due(nowMs)
      if (places.length > 0) {
        this.#options.counters.nacksSent += 1
        this.#options.sendNack(
          this.ssrc,
          places.map((place) => place & 0xffff),
        )
      }
      if (gaveUp) {
        this.#options.counters.packetsLost += this.#missing.lost - lostBefore
        this.requestKeyFrame(nowMs)
      }
    }
    if (nowMs - this.#windowAt >= RATE_WINDOW_MS) {
      this.#bitRateKbps = ((this.#bytes - this.#windowBytes) * 8) / (nowMs - this.#windowAt)
      this.#windowBytes = this.#bytes
      this.#windowAt = nowMs
    }
  }

  /** What arrived since the last call, for a receiver report. */
  report(nowMs: number): ReportBlock {
    const expected = this.#expected - this.#reportedExpected
    const lost = Math.max(0, expected - (this.#packets - this.#reportedPackets))
    this.#reportedExpected = this.#expected
    this.#reportedPackets = this.#packets
    return {
      ssrc: this.ssrc,
      fractionLost: expected <= 0 ? 0 : Math.min(255, Math.floor((lost * 256) / expected)),
      cumulativeLost: this.#expected - this.#packets,
      highestSequence: this.#highestPlace,
      jitter: this.#jitter,
      lastSenderReport: this.#senderReport === null ? 0 : compactNtp(this.#senderReport),
      delaySinceLastSenderReport: this.#senderReport === null ? 0 : Math.round(((nowMs - this.#senderReportAt) * 65_536) / 1000),
    }
  }

  get #expected(): number {
    return this.#highestPlace - this.#firstPlace + 1
  }

  #skipped(place: number, nowMs: number): void {
    if (!this.#options.isRepaired) {
      if (this.codec !== 'opus') this.requestKeyFrame(nowMs)
      return
    }
    const lostBefore = this.#missing.lost
    if (this.#missing.skipped(this.#highestPlace + 1, place, nowMs)) return
    this.#options.counters.packetsLost += this.#missing.lost - lostBefore
    this.requestKeyFrame(nowMs)
  }

  /** RFC 3550 appendix A.8. */
  #measureJitter(timestamp: number, nowMs: number): void {
    const transit = (nowMs * this.clockRateHz) / 1000 - timestamp
    const difference = Math.abs(transit - this.#lastTransit)
    this.#lastTransit = transit
    // A jump of ten seconds is the timestamp's wrap or a new clock.
    if (difference < this.clockRateHz * 10) this.#jitter += (difference - this.#jitter) / 16
  }
}
