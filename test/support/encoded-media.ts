// Small media encoded and decoded by the system's ffmpeg: what tests feed in, and what must come out.
import { execFileSync } from 'node:child_process'

/** Runs ffmpeg on a lavfi source. */
export function ffmpeg(args: readonly string[], input?: Buffer): Buffer {
  return execFileSync('ffmpeg', ['-hide_banner', '-loglevel', 'error', ...args], { input: input ?? Buffer.alloc(0), maxBuffer: 1 << 28 })
}

export interface AccessUnit {
  readonly units: readonly Buffer[]
  readonly isKeyFrame: boolean
}

/** Cuts an Annex B stream of one slice a picture into access units. */
export function accessUnits(stream: Buffer): AccessUnit[] {
  const units: Buffer[] = []
  const starts: number[] = []
  for (let at = 0; (at = stream.indexOf('000001', at, 'hex')) >= 0; at += 3) starts.push(at)
  starts.forEach((start, index) => {
    let end = starts[index + 1] ?? stream.length
    while (end > start && stream[end - 1] === 0) end -= 1
    units.push(stream.subarray(start + 3, end))
  })
  const access: Buffer[][] = [[]]
  for (const unit of units) {
    access.at(-1)!.push(unit)
    const type = unit[0]! & 0x1f
    if (type === 1 || type === 5) access.push([])
  }
  return access.slice(0, -1).map((one) => ({ units: one, isKeyFrame: one.some((unit) => (unit[0]! & 0x1f) === 5) }))
}

/** Frames of an IVF file. */
export function ivfFrames(file: Buffer): Buffer[] {
  const frames: Buffer[] = []
  for (let at = 32; at < file.length;) {
    const length = file.readUInt32LE(at)
    frames.push(file.subarray(at + 12, at + 12 + length))
    at += 12 + length
  }
  return frames
}

/** Packets of an Ogg Opus file (RFC 7845), without its two headers. */
export function oggPackets(file: Buffer): Buffer[] {
  const packets: Buffer[] = []
  let parts: Buffer[] = []
  for (let at = 0; at < file.length;) {
    const segments = file[at + 26]!
    let body = at + 27 + segments
    for (let segment = 0; segment < segments; segment++) {
      const length = file[at + 27 + segment]!
      parts.push(file.subarray(body, body + length))
      body += length
      if (length === 255) continue
      packets.push(Buffer.concat(parts))
      parts = []
    }
    at = body
  }
  return packets.slice(2)
}
