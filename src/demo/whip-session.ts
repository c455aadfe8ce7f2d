// One WHIP session (RFC 9725) of a synthetic participant: offer, answer, two outgoing tracks and the feedback on them.
import { Audio, PeerConnection, Video, type Track } from 'node-datachannel'
import { rtcpPackets } from '../rtp/rtcp/compound.ts'
import { parseKeyFrameRequest } from '../rtp/rtcp/key-frame-request.ts'
import { parseNack } from '../rtp/rtcp/nack.ts'
import { isRtcp } from '../rtp/packet.ts'
import { OutgoingStream } from './outgoing-stream.ts'

export interface WhipSessionOptions {
  readonly whipUrl: string
  /** Secret. */
  readonly userSig: string
  readonly codec: 'h264' | 'vp8'
  readonly onConnected: () => void
  readonly onKeyFrameRequest: () => void
  /** Any feedback came: the other side lives. */
  readonly onFeedback: () => void
  readonly onEnded: () => void
}

const videoPayloadType = 102
const audioPayloadType = 111

/** The server answered the offer with something else than 201. */
export class WhipRefused extends Error {}

export class WhipSession {
  readonly video: OutgoingStream
  readonly audio: OutgoingStream
  readonly #options: WhipSessionOptions
  readonly #connection: PeerConnection
  // Unreferenced tracks are collected, and their messages stop without a word.
  readonly #tracks: readonly [Track, Track]
  #location: URL | null = null
  #closed = false

  private constructor(options: WhipSessionOptions) {
    this.#options = options
    const connection = new PeerConnection('participant', {
      iceServers: [],
      disableAutoNegotiation: true,
      forceMediaTransport: true,
    })
    this.#connection = connection
    const canonicalName = `synthetic-${process.pid}`
    const sendOn = (index: 0 | 1) => (packet: Buffer) => this.#send(this.#tracks[index], packet)
    this.video = new OutgoingStream({ payloadType: videoPayloadType, clockRateHz: 90_000, canonicalName, send: sendOn(0) })
    this.audio = new OutgoingStream({ payloadType: audioPayloadType, clockRateHz: 48_000, canonicalName, send: sendOn(1) })
    const video = new Video('1', 'SendOnly')
    if (options.codec === 'h264') video.addH264Codec(videoPayloadType)
    else video.addVP8Codec(videoPayloadType)
    video.addSSRC(this.video.ssrc, canonicalName, 'synthetic', 'camera')
    const audio = new Audio('0', 'SendOnly')
    audio.addOpusCodec(audioPayloadType)
    audio.addSSRC(this.audio.ssrc, canonicalName, 'synthetic', 'microphone')
    const audioTrack = connection.addTrack(audio)
    this.#tracks = [connection.addTrack(video), audioTrack]
    for (const track of this.#tracks) track.onMessage((message) => this.#receive(message))
    connection.onStateChange((state) => this.#stateChanged(state))
  }

  /**
   * Offers, and resolves with the session once the answer is in; media may flow after `onConnected`.
   * @throws {WhipRefused} with status and text of the server
   */
  static async open(options: WhipSessionOptions, signal: AbortSignal): Promise<WhipSession> {
    const session = new WhipSession(options)
    try {
      await session.#negotiate(signal)
      return session
    } catch (error) {
      await session.close()
      throw error
    }
  }

  /** Ends the session here and, by DELETE, at the server; idempotent. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    for (const track of this.#tracks) track.close()
    this.#connection.close()
    if (this.#location === null) return
    const signal = AbortSignal.timeout(1_000)
    await fetch(this.#location, { method: 'DELETE', headers: this.#authorization(), signal }).catch(() => {})
  }

  async #negotiate(signal: AbortSignal): Promise<void> {
    this.#connection.setLocalDescription('offer')
    const response = await fetch(this.#options.whipUrl, {
      method: 'POST',
      headers: { 'Content-Type': 'application/sdp', ...this.#authorization() },
      body: offerOf(this.#connection),
      signal,
    })
    const text = await response.text()
    if (response.status !== 201) throw new WhipRefused(`The server answered the offer with ${response.status}: ${text.slice(0, 200)}`)
    const location = response.headers.get('location')
    this.#location = location === null ? null : new URL(location, this.#options.whipUrl)
    if (!this.#closed) this.#connection.setRemoteDescription(text, 'answer')
  }

  #authorization(): Record<string, string> {
    return { Authorization: `Bearer ${this.#options.userSig}` }
  }

  #send(track: Track, packet: Buffer): void {
    if (this.#closed) return
    try {
      track.sendMessageBinary(packet)
    } catch {
      // The track is closed on the native side already; its state change is on the way.
    }
  }

  #receive(message: Buffer): void {
    if (this.#closed || !isRtcp(message)) return
    this.#options.onFeedback()
    for (const packet of rtcpPackets(message)) {
      if (parseKeyFrameRequest(packet).includes(this.video.ssrc)) this.#options.onKeyFrameRequest()
      const nack = parseNack(packet)
      for (const stream of [this.video, this.audio]) if (nack?.mediaSsrc === stream.ssrc) stream.retransmit(nack.sequenceNumbers)
    }
  }

  #stateChanged(state: string): void {
    if (this.#closed) return
    if (state === 'connected') this.#options.onConnected()
    else if (state === 'disconnected' || state === 'failed' || state === 'closed') this.#options.onEnded()
  }
}

/**
 * The offer without our addresses, which the server learns from our first packets. With them its packets can come while
 * libdatachannel still takes the answer in, which then loses them for a second or ends the session.
 */
function offerOf(connection: PeerConnection): string {
  const lines = (connection.localDescription()?.sdp ?? '').split('\r\n')
  return lines.filter((line) => !line.startsWith('a=candidate:') && line !== 'a=end-of-candidates').join('\r\n')
}
