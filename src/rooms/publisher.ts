// A publishing session: one peer whose camera and microphone, or screen, come in over WHIP.
import type { TrackKind } from '../feed/messages.ts'
import type { PictureSource, UserRef } from '../mix/room.ts'
import { ExtensionUri, extensionText, extensionUint16 } from '../rtp/header-extension.ts'
import { isRtcp, parseRtpPacket, type RtpPacket } from '../rtp/packet.ts'
import { rtcpPackets } from '../rtp/rtcp/compound.ts'
import { writePictureLossIndication } from '../rtp/rtcp/key-frame-request.ts'
import { writeNack } from '../rtp/rtcp/nack.ts'
import { writeReceiverReport } from '../rtp/rtcp/receiver-report.ts'
import { parseSenderReport } from '../rtp/rtcp/sender-report.ts'
import { TransportFeedback } from '../rtp/rtcp/transport-feedback.ts'
import type { Counters } from './counters.ts'
import type { ExitReason } from './ipc.ts'
import type { MediaKinds } from './media-kinds.ts'
import { IncomingStream } from './incoming-stream.ts'
import { writeAnswer, type AnsweredMedia } from './sdp/answer.ts'
import { usableCodecs, type ChosenCodec } from './sdp/codecs.ts'
import { parseOffer, type OfferedMedia } from './sdp/offer.ts'
import { SessionRefused } from './session-refused.ts'
import { Track } from './track.ts'
import type { Transport, TransportFactory } from './transport.ts'

export interface PublisherOptions {
  readonly user: UserRef
  readonly source: PictureSource
  readonly granted: MediaKinds
  readonly counters: Counters
  readonly createTransport: TransportFactory
  /** Milliseconds of the monotonic clock. */
  readonly now: () => number
  readonly newSsrc: () => number
  readonly trackAdded: (track: Track) => void
  readonly trackRemoved: (track: Track) => void
  /** The session is over; called once. */
  readonly closed: (reason: ExitReason) => void
}

/** One accepted medium and the track that grows from it. */
interface Medium {
  readonly offered: OfferedMedia
  readonly chosen: ChosenCodec
  readonly track: Track
  readonly streams: IncomingStream[]
}

/** What a received SSRC is. */
interface Receiver {
  readonly stream: IncomingStream
  readonly medium: Medium
  readonly isRtx: boolean
}

const FEEDBACK = ['nack', 'nack pli', 'ccm fir', 'transport-cc']
const EXTENSIONS = Object.values(ExtensionUri).filter((uri) => uri !== ExtensionUri.absoluteSendTime)
const TRANSPORT_FEEDBACK_MS = 100
const RECEIVER_REPORT_MS = 500
const CONNECT_DEADLINE_MS = 15_000
/** A peer that sends neither media nor reports for so long is gone; consent (RFC 7675) would only end it after more than 30 s. */
const SILENCE_DEADLINE_MS = 15_000
/** The end of a peer that sent something so lately is its goodbye, not the discovery of its absence. */
const GOODBYE_MS = 5_000
/** Streams a peer may open: six layers of two media and their retransmissions. */
const MAX_RECEIVERS = 24

export class Publisher {
  readonly user: UserRef
  readonly source: PictureSource
  readonly usernameFragment: string
  readonly #options: PublisherOptions
  readonly #media: Medium[]
  readonly #receivers = new Map<number, Receiver>()
  readonly #transportFeedback = new TransportFeedback()
  readonly #extensionIds: { mid: number; rid: number; repairedRid: number; transportSequence: number }
  readonly #ssrc: number
  readonly #startedAt: number
  #transport: Transport | null = null
  #isConnected = false
  #isClosed = false
  #lastPacketAt = 0
  #lastMediaSsrc = 0
  #feedbackAt = 0
  #reportAt = 0

  private constructor(options: PublisherOptions, media: Medium[], usernameFragment: string) {
    this.user = options.user
    this.source = options.source
    this.usernameFragment = usernameFragment
    this.#options = options
    this.#media = media
    this.#ssrc = options.newSsrc()
    this.#startedAt = options.now()
    // Ids are the same in all media of a bundle (RFC 9143 section 9.1).
    const id = (uri: string): number => media.find(({ offered }) => offered.extensions.has(uri))?.offered.extensions.get(uri) ?? 0
    this.#extensionIds = {
      mid: id(ExtensionUri.mid),
      rid: id(ExtensionUri.rid),
      repairedRid: id(ExtensionUri.repairedRid),
      transportSequence: id(ExtensionUri.transportSequence),
    }
  }

  /**
   * Answers an offer to publish.
   * @throws {SessionRefused}
   */
  static async open(options: PublisherOptions, offerSdp: string): Promise<{ session: Publisher; answerSdp: string }> {
    const offer = parseOffer(offerSdp)
    const media: Medium[] = []
    let isRefused = false
    const answered = offer.media.map((offered): AnsweredMedia => {
      const isTaken = media.some((medium) => medium.offered.kind === offered.kind)
      const chosen = isTaken || offered.direction === 'recvonly' || offered.direction === 'inactive' ? undefined : usableCodecs(offered)[0]
      if (chosen === undefined) return { offered, codecs: [], direction: 'recvonly', feedback: [], extensions: [] }
      if (!options.granted[offered.kind as keyof MediaKinds]) {
        isRefused = true
        return { offered, codecs: [], direction: 'recvonly', feedback: [], extensions: [] }
      }
      const { codec, format } = chosen
      const kind = trackKinds[options.source][offered.kind as 'audio' | 'video']
      const track = new Track({ user: options.user, kind, codec, clockRateHz: format.clockRateHz, parameters: format.parameters })
      media.push({ offered, chosen, track, streams: [] })
      return { offered, codecs: [chosen], direction: 'recvonly', feedback: FEEDBACK, extensions: EXTENSIONS }
    })
    if (media.length === 0 && isRefused) throw new SessionRefused('not-granted', 'The user may not send what the SDP offer sends.')
    if (media.length === 0) throw new SessionRefused('no-common-codec', 'SDP offer must send H264, VP8 or Opus.')
    const session = new Publisher(options, media, offer.ice.usernameFragment)
    const transport = await options.createTransport(offer.ice, offer.candidates, {
      packet: (buffer) => session.#received(buffer),
      connected: () => session.#connected(),
      closed: () => session.#peerGone(),
    })
    session.#transport = transport
    return { session, answerSdp: writeAnswer(transport.local, answered, session.#ssrc) }
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  addCandidate(candidate: string): void {
    this.#transport?.addCandidate(candidate)
  }

  /** Repairs, feedback and deadlines; to be called every 10 ms. */
  tick(nowMs: number): void {
    if (!this.#isConnected) {
      if (nowMs - this.#startedAt > CONNECT_DEADLINE_MS) this.close('timeout')
      return
    }
    if (nowMs - this.#lastPacketAt > SILENCE_DEADLINE_MS) return this.close('timeout')
    for (const { streams } of this.#media) for (const stream of streams) stream.tick(nowMs)
    if (nowMs - this.#feedbackAt >= TRANSPORT_FEEDBACK_MS) {
      this.#feedbackAt = nowMs
      for (const packet of this.#transportFeedback.report(this.#ssrc, this.#lastMediaSsrc)) this.#transport?.send(packet)
    }
    if (nowMs - this.#reportAt >= RECEIVER_REPORT_MS) {
      this.#reportAt = nowMs
      const blocks = this.#media.flatMap(({ streams }) => streams.map((stream) => stream.report(nowMs)))
      if (blocks.length > 0) this.#transport?.send(writeReceiverReport(this.#ssrc, blocks))
    }
  }

  close(reason: ExitReason = 'voluntary'): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#transport?.close()
    for (const { track, streams } of this.#media) if (streams.length > 0) this.#options.trackRemoved(track)
    this.#options.closed(reason)
  }

  #peerGone(): void {
    this.close(this.#isConnected && this.#options.now() - this.#lastPacketAt < GOODBYE_MS ? 'voluntary' : 'timeout')
  }

  #connected(): void {
    this.#isConnected = true
    this.#lastPacketAt = this.#options.now()
  }

  #received(buffer: Buffer): void {
    const nowMs = this.#options.now()
    this.#lastPacketAt = nowMs
    if (isRtcp(buffer)) this.#receivedRtcp(buffer, nowMs)
    else this.#receivedRtp(buffer, nowMs)
  }

  #receivedRtcp(buffer: Buffer, nowMs: number): void {
    for (const packet of rtcpPackets(buffer)) {
      const report = parseSenderReport(packet)
      const receiver = report === null ? undefined : this.#receivers.get(report.ssrc)
      if (report === null || receiver === undefined || receiver.isRtx) continue
      receiver.stream.reported(report, nowMs)
      receiver.medium.track.senderReportArrived(receiver.stream)
    }
  }

  #receivedRtp(buffer: Buffer, nowMs: number): void {
    const received = parseRtpPacket(buffer)
    if (received === null) return
    this.#options.counters.packetsReceived += 1
    this.#lastMediaSsrc = received.ssrc
    if (this.#extensionIds.transportSequence !== 0) {
      const sequenceNumber = extensionUint16(received, this.#extensionIds.transportSequence)
      if (sequenceNumber >= 0) this.#transportFeedback.add(sequenceNumber, nowMs)
    }
    const receiver = this.#receivers.get(received.ssrc) ?? this.#identify(received)
    if (receiver === null) return
    const { stream, medium, isRtx } = receiver
    const packet = isRtx ? unwrapRetransmission(received, stream.ssrc, medium.chosen.format.payloadType) : received
    if (packet === null || packet.payloadType !== medium.chosen.format.payloadType) return
    const place = stream.receive(packet, isRtx, nowMs)
    if (Number.isNaN(place)) return
    medium.track.packetArrived(stream, packet, place, nowMs)
  }

  /** Finds out what a new SSRC is: by mid, by the offer's SSRCs, by payload type. */
  #identify(packet: RtpPacket): Receiver | null {
    if (this.#receivers.size >= MAX_RECEIVERS) return null
    const mid = this.#extensionIds.mid === 0 ? null : extensionText(packet, this.#extensionIds.mid)
    const medium =
      this.#media.find(({ offered }) => offered.mid === mid) ??
      this.#media.find(({ offered }) => offered.ssrcs.includes(packet.ssrc)) ??
      this.#media.find(({ chosen }) => chosen.format.payloadType === packet.payloadType || chosen.rtx?.payloadType === packet.payloadType)
    if (medium === undefined) return null
    const isRtx = packet.payloadType === medium.chosen.rtx?.payloadType
    const stream = isRtx
      ? this.#repairedBy(packet, medium)
      : packet.payloadType === medium.chosen.format.payloadType
        ? this.#open(packet, medium)
        : null
    if (stream === null) return null
    const receiver = { stream, medium, isRtx }
    this.#receivers.set(packet.ssrc, receiver)
    return receiver
  }

  #repairedBy(packet: RtpPacket, medium: Medium): IncomingStream | null {
    const rid = this.#extensionIds.repairedRid === 0 ? null : extensionText(packet, this.#extensionIds.repairedRid)
    if (rid !== null) return medium.streams.find((stream) => stream.rid === rid) ?? null
    const primary = medium.offered.repairs.get(packet.ssrc)
    return medium.streams.find(({ ssrc }) => ssrc === primary) ?? null
  }

  #open(packet: RtpPacket, medium: Medium): IncomingStream {
    const { codec, format } = medium.chosen
    const stream = new IncomingStream({
      ssrc: packet.ssrc,
      codec,
      clockRateHz: format.clockRateHz,
      rid: (this.#extensionIds.rid === 0 ? null : extensionText(packet, this.#extensionIds.rid)) ?? '',
      isRepaired: format.feedback.includes('nack'),
      counters: this.#options.counters,
      sendNack: (ssrc, sequenceNumbers) => this.#transport?.send(writeNack(this.#ssrc, ssrc, sequenceNumbers)),
      sendKeyFrameRequest: (ssrc) => this.#transport?.send(writePictureLossIndication(this.#ssrc, ssrc)),
    })
    medium.streams.push(stream)
    medium.track.addLayer(stream)
    if (medium.streams.length === 1) this.#options.trackAdded(medium.track)
    return stream
  }
}

const trackKinds: Record<PictureSource, Record<'audio' | 'video', TrackKind>> = {
  camera: { audio: 'microphone', video: 'camera' },
  screen: { audio: 'screen-audio', video: 'screen' },
}

/** The packet inside a retransmission (RFC 4588 section 4); `null` for padding. */
function unwrapRetransmission(packet: RtpPacket, ssrc: number, payloadType: number): RtpPacket | null {
  if (packet.payloadEnd - packet.payloadStart <= 2) return null
  return {
    ...packet,
    ssrc,
    payloadType,
    sequenceNumber: packet.buffer.readUInt16BE(packet.payloadStart),
    payloadStart: packet.payloadStart + 2,
  }
}
