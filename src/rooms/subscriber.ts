// A playing session: one viewer to whom a participant's picture and sound go out over WHEP.
import type { TrackCodec } from '../feed/messages.ts'
import { ExtensionUri } from '../rtp/header-extension.ts'
import { isRtcp, type RtpPacket } from '../rtp/packet.ts'
import { rtcpPackets } from '../rtp/rtcp/compound.ts'
import { parseKeyFrameRequest } from '../rtp/rtcp/key-frame-request.ts'
import { parseNack } from '../rtp/rtcp/nack.ts'
import { parseReportBlocks } from '../rtp/rtcp/receiver-report.ts'
import { writeSenderReport, type SenderReport } from '../rtp/rtcp/sender-report.ts'
import { writeSourceDescription } from '../rtp/rtcp/source-description.ts'
import { writeRtpPacket, type ExtensionElement } from '../rtp/write-packet.ts'
import type { Counters } from './counters.ts'
import { Downlink } from './downlink.ts'
import { Forwarder } from './forwarder.ts'
import { writeAnswer, type AnsweredMedia } from './sdp/answer.ts'
import type { MediaKinds } from './media-kinds.ts'
import { matchingCodec, usableCodecs, type ChosenCodec } from './sdp/codecs.ts'
import { parseOffer, type OfferedMedia } from './sdp/offer.ts'
import { SessionRefused } from './session-refused.ts'
import type { Track } from './track.ts'
import type { Transport, TransportFactory } from './transport.ts'

export interface SubscriberOptions {
  readonly granted: MediaKinds
  readonly counters: Counters
  readonly createTransport: TransportFactory
  /** Milliseconds of the monotonic clock. */
  readonly now: () => number
  readonly newSsrc: () => number
  /** The session is over; called once. */
  readonly closed: () => void
}

const FEEDBACK = ['nack', 'nack pli', 'ccm fir']
const EXTENSIONS = [ExtensionUri.mid, ExtensionUri.absoluteSendTime]
const CANONICAL_NAME = 'tributary'
const CONNECT_DEADLINE_MS = 15_000
const LAYER_CHOICE_MS = 200

export class Subscriber {
  readonly usernameFragment: string
  readonly #options: SubscriberOptions
  readonly #outputs: SubscriberOutput[]
  readonly #startedAt: number
  #transport: Transport | null = null
  #isConnected = false
  #isClosed = false
  #choseAt = 0

  private constructor(options: SubscriberOptions, outputs: SubscriberOutput[], usernameFragment: string) {
    this.usernameFragment = usernameFragment
    this.#options = options
    this.#outputs = outputs
    this.#startedAt = options.now()
  }

  /**
   * Answers an offer to play. All codecs we can carry are accepted: what the publisher sends may change.
   * @throws {SessionRefused}
   */
  static async open(options: SubscriberOptions, offerSdp: string): Promise<{ session: Subscriber; answerSdp: string }> {
    const offer = parseOffer(offerSdp)
    const outputs: SubscriberOutput[] = []
    let isRefused = false
    const send = (packet: Buffer): void => session.#transport?.send(packet)
    const answered = offer.media.map((offered): AnsweredMedia => {
      const isTaken = outputs.some((output) => output.mediaKind === offered.kind)
      const usable = isTaken || offered.direction === 'sendonly' || offered.direction === 'inactive' ? [] : usableCodecs(offered)
      const isGranted = options.granted[offered.kind as keyof MediaKinds]
      if (usable.length > 0 && !isGranted) isRefused = true
      const codecs = isGranted ? usable : []
      if (codecs.length === 0) return { offered, codecs, direction: 'sendonly', feedback: [], extensions: [] }
      const output = new SubscriberOutput({ offered, codecs, counters: options.counters, newSsrc: options.newSsrc, send })
      outputs.push(output)
      const sent = { ssrc: output.ssrc, rtxSsrc: output.rtxSsrc, canonicalName: CANONICAL_NAME, streamId: CANONICAL_NAME }
      return { offered, codecs, direction: 'sendonly', feedback: FEEDBACK, extensions: EXTENSIONS, sent }
    })
    if (outputs.length === 0 && isRefused) throw new SessionRefused('not-granted', 'The user may not receive what the SDP offer receives.')
    if (outputs.length === 0) throw new SessionRefused('no-common-codec', 'SDP offer must receive H264, VP8 or Opus.')
    const session = new Subscriber(options, outputs, offer.ice.usernameFragment)
    const transport = await options.createTransport(offer.ice, offer.candidates, {
      packet: (buffer) => session.#received(buffer),
      connected: () => session.#connected(),
      closed: () => session.close(),
    })
    session.#transport = transport
    return { session, answerSdp: writeAnswer(transport.local, answered, outputs[0]!.ssrc) }
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  addCandidate(candidate: string): void {
    this.#transport?.addCandidate(candidate)
  }

  /** Plays a track from now on, in the place of an earlier one of its kind. */
  play(track: Track): void {
    this.#outputs.find(({ mediaKind }) => mediaKind === (track.codec === 'opus' ? 'audio' : 'video'))?.play(track, this.#options.now())
  }

  /** Plays a track no longer; the session waits for another. */
  drop(track: Track): void {
    for (const output of this.#outputs) if (output.forwarder.track === track) output.forwarder.attach(null, this.#options.now())
  }

  tick(nowMs: number): void {
    if (!this.#isConnected && nowMs - this.#startedAt > CONNECT_DEADLINE_MS) return this.close()
    if (nowMs - this.#choseAt < LAYER_CHOICE_MS) return
    this.#choseAt = nowMs
    for (const { forwarder } of this.#outputs) forwarder.tick(nowMs)
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#transport?.close()
    for (const { forwarder } of this.#outputs) forwarder.close()
    this.#options.closed()
  }

  #connected(): void {
    this.#isConnected = true
    for (const { forwarder } of this.#outputs) forwarder.requestKeyFrame(this.#options.now())
  }

  #received(buffer: Buffer): void {
    if (!isRtcp(buffer)) return
    const nowMs = this.#options.now()
    for (const packet of rtcpPackets(buffer)) {
      for (const block of parseReportBlocks(packet)) this.#output(block.ssrc)?.reported(block.fractionLost / 256, nowMs)
      for (const ssrc of parseKeyFrameRequest(packet)) this.#output(ssrc)?.forwarder.requestKeyFrame(nowMs)
      const nack = parseNack(packet)
      if (nack !== null) this.#output(nack.mediaSsrc)?.retransmit(nack.sequenceNumbers)
    }
  }

  #output(ssrc: number): SubscriberOutput | undefined {
    return this.#outputs.find((output) => output.ssrc === ssrc)
  }
}

interface SubscriberOutputOptions {
  readonly offered: OfferedMedia
  readonly codecs: readonly ChosenCodec[]
  readonly counters: Counters
  readonly newSsrc: () => number
  readonly send: (packet: Buffer) => void
}

/** One m-line of a viewer: what goes out under one SSRC. */
class SubscriberOutput {
  readonly mediaKind: string
  readonly ssrc: number
  /** 0 without retransmission format. */
  readonly rtxSsrc: number
  readonly forwarder: Forwarder
  readonly #options: SubscriberOutputOptions
  readonly #downlink = new Downlink()
  readonly #extensions: ExtensionElement[] = []
  readonly #sendTime = Buffer.alloc(3)
  #format: ChosenCodec | null = null
  #rtxSequenceNumber = 0
  #packets = 0
  #bytes = 0

  constructor(options: SubscriberOutputOptions) {
    this.#options = options
    this.mediaKind = options.offered.kind
    this.ssrc = options.newSsrc()
    this.rtxSsrc = options.codecs.some(({ rtx }) => rtx !== null) ? options.newSsrc() : 0
    const midId = options.offered.extensions.get(ExtensionUri.mid)
    const sendTimeId = options.offered.extensions.get(ExtensionUri.absoluteSendTime)
    // Ids above 14 do not fit the one-byte form.
    if (midId !== undefined && midId <= 14) this.#extensions.push({ id: midId, data: Buffer.from(options.offered.mid) })
    if (sendTimeId !== undefined && sendTimeId <= 14) this.#extensions.push({ id: sendTimeId, data: this.#sendTime })
    this.forwarder = new Forwarder({
      forward: (packet, sequenceNumber, timestamp, nowMs) => this.#forward(packet, sequenceNumber, timestamp, nowMs),
      clock: (report, timestamp) => this.#report(report, timestamp),
    })
  }

  play(track: Track, nowMs: number): void {
    this.#format = matchingCodec(this.#options.codecs, track satisfies { codec: TrackCodec; parameters: string })
    this.forwarder.attach(this.#format === null ? null : track, nowMs)
  }

  reported(fractionLost: number, nowMs: number): void {
    const { layer, track } = this.forwarder
    if (layer === null || track === null || track.layers.length < 2) return
    const smaller = track.layers.filter(({ size }) => size !== null && layer.size !== null && size.widthPx < layer.size.widthPx).length
    this.#downlink.reported(fractionLost, smaller + 1, nowMs)
    this.forwarder.limitLayers(this.#downlink.maxLayers, nowMs)
  }

  retransmit(sequenceNumbers: readonly number[]): void {
    const { counters, send } = this.#options
    for (const sequenceNumber of sequenceNumbers) {
      counters.nacksReceived += 1
      const found = this.forwarder.lookUp(sequenceNumber)
      if (found === null || this.#format === null) continue
      const { packet, timestamp } = found
      const { format, rtx } = this.#format
      counters.retransmitted += 1
      const { buffer, marker, payloadStart, payloadEnd } = packet
      if (rtx === null) {
        send(
          writeRtpPacket(
            { marker, payloadType: format.payloadType, sequenceNumber, timestamp, ssrc: this.ssrc },
            this.#extensions,
            buffer,
            payloadStart,
            payloadEnd,
          ),
        )
        continue
      }
      const header = { marker, payloadType: rtx.payloadType, sequenceNumber: this.#rtxSequenceNumber, timestamp, ssrc: this.rtxSsrc }
      this.#rtxSequenceNumber = (this.#rtxSequenceNumber + 1) & 0xffff
      send(writeRtpPacket(header, this.#extensions, buffer, payloadStart, payloadEnd, sequenceNumber))
    }
  }

  #forward(packet: RtpPacket, sequenceNumber: number, timestamp: number, nowMs: number): void {
    if (this.#format === null) return
    // 24 bits of seconds with 18 behind the point (draft-alvestrand-rmcat-remb-03 section 2.1).
    this.#sendTime.writeUIntBE(Math.floor((nowMs % 64_000) * 262.144) & 0xffffff, 0, 3)
    this.#packets += 1
    this.#bytes += packet.payloadEnd - packet.payloadStart
    this.#options.counters.packetsForwarded += 1
    const header = { marker: packet.marker, payloadType: this.#format.format.payloadType, sequenceNumber, timestamp, ssrc: this.ssrc }
    this.#options.send(writeRtpPacket(header, this.#extensions, packet.buffer, packet.payloadStart, packet.payloadEnd))
  }

  #report({ ntpSeconds, ntpFraction }: SenderReport, rtpTimestamp: number): void {
    const report = writeSenderReport({ ssrc: this.ssrc, ntpSeconds, ntpFraction, rtpTimestamp, packets: this.#packets, bytes: this.#bytes })
    this.#options.send(Buffer.concat([report, writeSourceDescription(this.ssrc, CANONICAL_NAME)]))
  }
}
