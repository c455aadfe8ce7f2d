// Opus in RTP (RFC 7587): one packet is one frame. Knows how long it lasts (RFC 6716 section 3.1).

/** Samples at 48 kHz of one frame, by coding mode; then by the five bits of the TOC byte's configuration number. */
const SILK = [480, 960, 1920, 2880]
const HYBRID = [480, 960]
const CELT = [120, 240, 480, 960]
const FRAME_SAMPLES = [SILK, SILK, SILK, HYBRID, HYBRID, CELT, CELT, CELT, CELT].flat()
/** RFC 6716 section 3.2.5: a packet lasts at most 120 ms. */
const MAX_SAMPLES = 5760

/** Samples at 48 kHz that an Opus packet holds; 0 when it is none. */
export function opusPacketSamples(payload: Buffer): number {
  if (payload.length === 0) return 0
  const frame = FRAME_SAMPLES[payload[0]! >> 3]!
  const code = payload[0]! & 0x03
  const count = code === 0 ? 1 : code < 3 ? 2 : payload.length < 2 ? 0 : payload[1]! & 0x3f
  const samples = frame * count
  return samples > MAX_SAMPLES ? 0 : samples
}
