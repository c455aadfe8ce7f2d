// Cuts encoded frames into RTP payloads: H.264 by RFC 6184 (mode 1), VP8 by RFC 7741.

/** Largest payload: fits an Ethernet frame together with RTP, SRTP, UDP and IP headers, with room for a tunnel. */
const mostPayloadBytes = 1180

/** Access unit delimiters carry nothing a receiver needs. */
const delimiterType = 9
const parameterTypes: readonly number[] = [6, 7, 8]

const payloadsOf = { h264: h264Payloads, vp8: vp8Payloads }

/** The payloads of one encoded frame (H.264 as Annex B), to be sent in this order with one timestamp; the last one is marked. */
export const framePayloads = (codec: 'h264' | 'vp8', frame: Buffer): Buffer[] => payloadsOf[codec](frame)

function h264Payloads(accessUnit: Buffer): Buffer[] {
  const units = [...nalUnits(accessUnit)].filter((unit) => unit.length > 0 && typeOf(unit) !== delimiterType)
  const parameters = units.filter((unit) => parameterTypes.includes(typeOf(unit)) && unit.length < 400)
  const pictures = units.filter((unit) => !parameters.includes(unit))
  return [...aggregate(parameters), ...pictures.flatMap(fragment)]
}

const typeOf = (unit: Buffer): number => unit.readUInt8(0) & 0x1f

/** STAP-A (RFC 6184 section 5.7.1) when there are several. */
function aggregate(units: Buffer[]): Buffer[] {
  if (units.length < 2) return units
  const sized = units.flatMap((unit) => [Buffer.from([unit.length >> 8, unit.length & 0xff]), unit])
  return [Buffer.concat([Buffer.from([0x78]), ...sized])]
}

/** FU-A (RFC 6184 section 5.8) when a unit does not fit. */
function fragment(unit: Buffer): Buffer[] {
  if (unit.length <= mostPayloadBytes) return [unit]
  const first = unit.readUInt8(0)
  const step = mostPayloadBytes - 2
  const parts: Buffer[] = []
  for (let start = 1; start < unit.length; start += step) {
    const end = Math.min(start + step, unit.length)
    const edges = (start === 1 ? 0x80 : 0) | (end === unit.length ? 0x40 : 0)
    parts.push(Buffer.concat([Buffer.from([(first & 0xe0) | 28, edges | (first & 0x1f)]), unit.subarray(start, end)]))
  }
  return parts
}

function* nalUnits(accessUnit: Buffer): Generator<Buffer> {
  let start = accessUnit.indexOf(startCode)
  while (start >= 0) {
    const next = accessUnit.indexOf(startCode, start + 3)
    let end = next < 0 ? accessUnit.length : next
    while (end > start + 3 && accessUnit[end - 1] === 0) end--
    yield accessUnit.subarray(start + 3, end)
    start = next
  }
}

const startCode = Buffer.from([0, 0, 1])

/** The shortest descriptor (RFC 7741 section 4.2): S set on the first packet of a frame, partition 0. */
function vp8Payloads(frame: Buffer): Buffer[] {
  const step = mostPayloadBytes - 1
  const parts: Buffer[] = []
  for (let start = 0; start < frame.length; start += step) {
    parts.push(Buffer.concat([Buffer.from([start === 0 ? 0x10 : 0]), frame.subarray(start, start + step)]))
  }
  return parts
}
