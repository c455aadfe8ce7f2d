// One sound track: from Opus packets to samples at the instant they are due, without clicks.
import type { RtpPacket } from '../../rtp/packet.ts'
import { OpusDecoder, OPUS_RATE_HZ } from '../decoders/opus-decoder.ts'
import { opusPacketSamples } from './depacketizer/opus.ts'
import { JitterBuffer } from './jitter-buffer.ts'
import { LevelMeter } from './level-meter.ts'
import type { PlayoutClock } from './playout-clock.ts'
import type { PlayoutTrack } from './playout-track.ts'
import { Steering, type SteeringStep } from './steering.ts'
import { VoiceRing } from './voice-ring.ts'

/** The mixer reads 20 ms ahead of its clock, and the packet's own way through takes a little. */
const MARGIN_MS = 30
/** The mixer reads in chunks of at most this. */
const CHUNK_MS = 20
/** Gain changes, jumps and joins take 5 ms. */
const RAMP_SAMPLES = 240

export interface AudioInputOptions {
  /** Of the participant; the input adds and removes its own track. */
  readonly clock: PlayoutClock
}

export class AudioInput {
  packets = 0
  framesDecoded = 0
  readonly #clock: PlayoutClock
  readonly #track: PlayoutTrack
  readonly #jitter: JitterBuffer
  readonly #decoder = new OpusDecoder()
  readonly #ring = new VoiceRing()
  readonly #steering = new Steering()
  readonly #meter = new LevelMeter()
  /** Where reading goes on; null before the first sound. */
  #place: number | null = null
  #gain: number | null = null
  /** Packets that were still decoded, although part of their time was over. */
  #partlyLate = 0
  /** How long the last packet lasted. */
  #packetMs = 20
  #left = new Float32Array(0)
  #right = new Float32Array(0)
  readonly #oldLeft = new Float32Array(RAMP_SAMPLES)
  readonly #oldRight = new Float32Array(RAMP_SAMPLES)
  #isClosed = false

  constructor({ clock }: AudioInputOptions) {
    this.#clock = clock
    // Opus in RTP always counts at 48 kHz (RFC 7587 section 4.1).
    this.#track = clock.addTrack({ kind: 'audio', clockRateHz: OPUS_RATE_HZ, marginMs: MARGIN_MS })
    this.#jitter = new JitterBuffer({
      // The last chance of a missing packet is the chunk read before its time: one packet before the head's.
      giveUpAt: ({ packet }) => this.#track.playoutAt(this.#track.placeOf(packet.timestamp)) - this.#packetMs - CHUNK_MS,
      deliver: ({ packet }) => this.#decode(packet),
      gap: () => {},
    })
  }

  /** Packets that never came. */
  get packetsLost(): number {
    return this.#jitter.lost
  }

  /** Packets that came, but (partly) too late to be heard. */
  get underruns(): number {
    return this.#partlyLate + this.#jitter.late
  }

  /** Loudness of what was read of late: 0 (below -60 dBFS) to 100 (full scale), before the gain. */
  get level(): number {
    return this.#meter.level
  }

  /** Takes a packet as it arrives. */
  push(packet: RtpPacket, nowMs: number): void {
    if (this.#isClosed) return
    this.packets += 1
    if (packet.payloadEnd > packet.payloadStart) this.#track.arrived(this.#track.placeOf(packet.timestamp), nowMs)
    const underruns = this.underruns
    this.#jitter.push(packet, nowMs)
    if (this.underruns > underruns) this.#clock.catchUp()
  }

  senderReport(ntpMs: number, rtpTimestamp: number): void {
    this.#track.senderReport(ntpMs, rtpTimestamp)
  }

  /**
   * Adds `sampleCount` samples at 48 kHz, of which the first is due at `nowMs`, to both channels.
   * Lost and late sound is concealed, the publisher's clock is followed by slight resampling.
   * @param gain linear; changes take 5 ms. Reading once with 0 lets the voice end without a click
   */
  read(nowMs: number, sampleCount: number, left: Float32Array, right: Float32Array, gain: number): void {
    if (this.#isClosed) return
    this.#jitter.advance(nowMs)
    if (this.#ring.isEmpty) return
    const target = this.#track.placeAt(nowMs)
    this.#place ??= Math.round(target)
    // Nobody hears the delay grow while nobody speaks.
    if (this.#meter.isSilent) this.#clock.catchUp()
    const step = this.#steering.next(this.#place, target, sampleCount, this.#meter.isSilent)
    if (this.#ring.isSilentFrom(this.#place) && this.#ring.isSilentFrom(step.from)) {
      this.#meter.silence(sampleCount)
      this.#gain = gain
    } else {
      this.#render(step, sampleCount)
      this.#meter.measure(this.#left, this.#right, sampleCount)
      this.#addTo(left, right, sampleCount, gain)
    }
    this.#place = step.to
  }

  /** Frees the decoder. Idempotent. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#clock.removeTrack(this.#track)
    this.#decoder.close()
  }

  #decode({ buffer, payloadStart, payloadEnd, timestamp }: RtpPacket): void {
    const payload = buffer.subarray(payloadStart, payloadEnd)
    const samples = opusPacketSamples(payload)
    if (samples === 0) return
    this.#packetMs = (samples * 1000) / OPUS_RATE_HZ
    const sound = this.#decoder.decode(payload)
    if (sound === null) return
    this.framesDecoded += 1
    if (this.#ring.write(this.#track.placeOf(timestamp), sound.left, sound.right, this.#place ?? -Infinity) > 0) this.#partlyLate += 1
  }

  #render({ from, to, isJump }: SteeringStep, sampleCount: number): void {
    if (this.#left.length !== sampleCount) {
      this.#left = new Float32Array(sampleCount)
      this.#right = new Float32Array(sampleCount)
    }
    if (isJump) this.#ring.read(this.#place!, 1, this.#oldLeft, this.#oldRight)
    this.#ring.read(from, (to - from) / sampleCount, this.#left, this.#right)
    if (!isJump) return
    crossfade(this.#oldLeft, this.#left)
    crossfade(this.#oldRight, this.#right)
  }

  #addTo(left: Float32Array, right: Float32Array, sampleCount: number, gain: number): void {
    const before = this.#gain ?? gain
    this.#gain = gain
    for (let index = 0; index < sampleCount; index++) {
      const now = index < RAMP_SAMPLES && before !== gain ? before + ((gain - before) * index) / RAMP_SAMPLES : gain
      left[index]! += this.#left[index]! * now
      right[index]! += this.#right[index]! * now
    }
  }
}

function crossfade(from: Float32Array, to: Float32Array): void {
  const length = Math.min(from.length, to.length)
  for (let index = 0; index < length; index++) {
    const weight = index / length
    to[index] = from[index]! * (1 - weight) + to[index]! * weight
  }
}
