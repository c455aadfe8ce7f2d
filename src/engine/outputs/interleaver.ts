// Brings picture and sound, which come with different delays, into one order of timestamps.
import type { EncodedPacket } from '../media.ts'

/**
 * How far one kind may run ahead while the other is late. Sound is the later one, by the mixer's
 * jitter buffer and the encoder's delay; a kind that stalls for longer must not hold up the other.
 */
const MAX_HOLD_MS = 500

/** Queues hold at most `MAX_HOLD_MS` of media; what is older is let go in the order it is in. */
export class Interleaver {
  readonly #hasVideo: boolean
  readonly #waiting: Record<EncodedPacket['kind'], EncodedPacket[]> = { video: [], audio: [] }
  readonly #newestMs: Record<EncodedPacket['kind'], number> = { video: -Infinity, audio: -Infinity }

  constructor(hasVideo: boolean) {
    this.#hasVideo = hasVideo
  }

  /** Takes a packet, gives the packets whose turn it now is. */
  push(packet: EncodedPacket): EncodedPacket[] {
    if (!this.#hasVideo) return [packet]
    this.#waiting[packet.kind].push(packet)
    this.#newestMs[packet.kind] = packet.timestampMs
    const ready: EncodedPacket[] = []
    for (let next = this.#take(); next !== undefined; next = this.#take()) ready.push(next)
    return ready
  }

  /** Everything that waits, in order. */
  drain(): EncodedPacket[] {
    const rest = [...this.#waiting.video, ...this.#waiting.audio].sort((a, b) => a.timestampMs - b.timestampMs)
    this.#waiting.video.length = 0
    this.#waiting.audio.length = 0
    return rest
  }

  #take(): EncodedPacket | undefined {
    const [video] = this.#waiting.video
    const [audio] = this.#waiting.audio
    const first = audio === undefined || (video !== undefined && video.timestampMs <= audio.timestampMs) ? video : audio
    if (first === undefined) return undefined
    const other = first.kind === 'video' ? 'audio' : 'video'
    // Timestamps of a kind rise, so nothing earlier can follow once the other kind has come this far.
    const isCertain = this.#newestMs[other] >= first.timestampMs
    const isOverdue = this.#newestMs[first.kind] - first.timestampMs >= MAX_HOLD_MS
    return isCertain || isOverdue ? this.#waiting[first.kind].shift() : undefined
  }
}
