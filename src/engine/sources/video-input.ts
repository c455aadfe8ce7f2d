// One picture track: from RTP packets to the decoded picture that is due.
import type { Frame } from 'node-av/lib'
import type { RtpPacket } from '../../rtp/packet.ts'
import { VideoDecoder, type VideoCodec } from '../decoders/video-decoder.ts'
import { FrameAssembler, type EncodedFrame, type PayloadFormat } from './depacketizer/frame-assembler.ts'
import { H264Format } from './depacketizer/h264.ts'
import { Vp8Format } from './depacketizer/vp8.ts'
import { JitterBuffer } from './jitter-buffer.ts'
import { KeyFrameGate } from './key-frame-gate.ts'
import type { PlayoutClock } from './playout-clock.ts'
import type { PlayoutTrack } from './playout-track.ts'
import { RepairWait } from './repair-wait.ts'

const FORMATS: Record<VideoCodec, () => PayloadFormat> = {
  h264: () => new H264Format(),
  vp8: () => new Vp8Format(),
}

/** Decoded pictures waiting for their time; what comes meanwhile waits undecoded. */
const MAX_PICTURES = 4
/** Frames waiting to be decoded; when full all are dropped and a key frame is asked for. */
const MAX_UNDECODED = 120
/** Between a frame's last packet and its picture: decoding. */
const MARGIN_MS = 10
/** A timestamp this far behind the picture last shown is a new time line, not an old picture. */
const RESTART_BEHIND_MS = 2000

interface WaitingFrame extends EncodedFrame {
  readonly place: number
}

interface WaitingPicture {
  readonly frame: Frame
  readonly place: number
}

export interface VideoInputOptions {
  readonly codec: VideoCodec
  readonly clockRateHz: number
  /** Of the participant; the input adds and removes its own track. */
  readonly clock: PlayoutClock
  readonly requestKeyFrame: () => void
}

export class VideoInput {
  packets = 0
  framesDecoded = 0
  widthPx = 0
  heightPx = 0
  readonly #options: VideoInputOptions
  readonly #track: PlayoutTrack
  readonly #wait = new RepairWait()
  readonly #jitter: JitterBuffer
  readonly #assembler: FrameAssembler
  readonly #gate: KeyFrameGate
  readonly #decoder: VideoDecoder
  readonly #undecoded: WaitingFrame[] = []
  readonly #pictures: WaitingPicture[] = []
  #shown: WaitingPicture | null = null
  #nowMs = 0
  #isClosed = false

  constructor(options: VideoInputOptions) {
    const { codec, clockRateHz, clock, requestKeyFrame } = options
    this.#options = options
    this.#decoder = new VideoDecoder(codec)
    this.#track = clock.addTrack({ kind: 'video', clockRateHz, marginMs: MARGIN_MS })
    this.#gate = new KeyFrameGate(requestKeyFrame)
    const format = FORMATS[codec]()
    this.#assembler = new FrameAssembler(format, {
      frame: (frame) => this.#assembled(frame),
      damaged: () => this.#damaged(),
    })
    this.#jitter = new JitterBuffer({
      giveUpAt: (head) => head.arrivedAtMs + this.#wait.ms,
      deliver: ({ packet }) => this.#assembler.push(packet),
      gap: () => {
        this.#assembler.gap()
        this.#damaged()
      },
      repaired: (waitedMs) => this.#wait.observe(waitedMs),
      // While the picture stands still anyway, only the next key frame is worth waiting for.
      canSkipTo: ({ buffer, payloadStart, payloadEnd }) =>
        this.#gate.needsKeyFrame && payloadEnd > payloadStart && format.beginsKeyFrame(buffer.subarray(payloadStart, payloadEnd)),
    })
  }

  /** Packets that never came. */
  get packetsLost(): number {
    return this.#jitter.lost
  }

  get keyFrameRequests(): number {
    return this.#gate.requests
  }

  /** Asks for the first key frame before any packet came. */
  start(nowMs: number): void {
    this.#gate.damaged(nowMs)
  }

  /** Takes a packet as it arrives and decodes what it completes, a few pictures ahead at most. */
  push(packet: RtpPacket, nowMs: number): void {
    if (this.#isClosed) return
    this.packets += 1
    this.#nowMs = nowMs
    this.#jitter.push(packet, nowMs)
    this.#decodeAhead()
  }

  senderReport(ntpMs: number, rtpTimestamp: number): void {
    this.#track.senderReport(ntpMs, rtpTimestamp)
  }

  /**
   * The newest picture due at `nowMs`, or null when that one was taken already. Older due ones are
   * decoded and skipped. The frame belongs to the input: it is valid until the call that returns the
   * next one, or until `close`. Its size may differ from the one before.
   */
  takePicture(nowMs: number): Frame | null {
    if (this.#isClosed) return null
    this.#nowMs = nowMs
    this.#jitter.advance(nowMs)
    let due: WaitingPicture | null = null
    for (;;) {
      this.#decodeAhead()
      const picture = this.#pictures[0]
      if (picture === undefined || this.#track.playoutAt(picture.place) > nowMs) break
      this.#pictures.shift()
      if (due !== null) this.#decoder.recycle(due.frame)
      due = picture
    }
    if (due === null) return null
    if (this.#shown !== null) this.#decoder.recycle(this.#shown.frame)
    this.#shown = due
    this.widthPx = due.frame.width
    this.heightPx = due.frame.height
    return due.frame
  }

  /** Frees decoder and pictures, the one last taken too. Idempotent. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#options.clock.removeTrack(this.#track)
    this.#decoder.close()
    for (const { frame } of this.#pictures.splice(0)) this.#decoder.recycle(frame)
    if (this.#shown !== null) this.#decoder.recycle(this.#shown.frame)
    this.#shown = null
    this.#undecoded.length = 0
  }

  #damaged(): void {
    this.#gate.damaged(this.#nowMs)
  }

  #assembled(frame: EncodedFrame): void {
    const place = this.#track.placeOf(frame.timestamp)
    this.#track.arrived(place, this.#nowMs)
    if (!this.#gate.admits(frame.isKeyFrame, this.#nowMs)) return
    if (this.#undecoded.length >= MAX_UNDECODED) {
      this.#undecoded.length = 0
      this.#damaged()
      if (!this.#gate.admits(frame.isKeyFrame, this.#nowMs)) return
    }
    this.#undecoded.push({ ...frame, place })
  }

  #decodeAhead(): void {
    while (this.#pictures.length < MAX_PICTURES) {
      const unit = this.#undecoded.shift()
      if (unit === undefined) return
      const pictures = this.#decoder.decode(unit)
      if (pictures === null) {
        // What waits behind it refers to it, up to the next key frame.
        const next = this.#undecoded.findIndex(({ isKeyFrame }) => isKeyFrame)
        this.#undecoded.splice(0, next < 0 ? this.#undecoded.length : next)
        if (next < 0) this.#damaged()
        continue
      }
      for (const frame of pictures) this.#hold({ frame, place: unit.place })
    }
  }

  #hold(picture: WaitingPicture): void {
    this.framesDecoded += 1
    const last = this.#pictures.at(-1) ?? this.#shown
    const behindMs = last === null ? 0 : ((last.place - picture.place) * 1000) / this.#options.clockRateHz
    // Time never runs backwards in the picture, unless the publisher began anew.
    if (behindMs > 0 && behindMs < RESTART_BEHIND_MS) this.#decoder.recycle(picture.frame)
    else this.#pictures.push(picture)
  }
}
