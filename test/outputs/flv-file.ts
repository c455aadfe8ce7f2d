// Writes packets as an FLV file, for judges that read files.
import { writeFile } from 'node:fs/promises'
import type { AudioConfig, EncodedPacket, VideoConfig } from '../../src/engine/media.ts'
import { flvBody, flvHeaders } from '../../src/engine/outputs/flv.ts'

const tagTypes = { audio: 8, video: 9 } as const

/** Packets are written in order of their timestamps. */
export async function writeFlvFile(
  path: string,
  video: VideoConfig | null,
  audio: AudioConfig | null,
  packets: readonly EncodedPacket[],
): Promise<void> {
  const parts: Buffer[] = [Buffer.from([0x46, 0x4c, 0x56, 1, (audio === null ? 0 : 4) | (video === null ? 0 : 1), 0, 0, 0, 9, 0, 0, 0, 0])]
  const anyAudio: AudioConfig = audio ?? { audioSpecificConfig: Buffer.alloc(2), sampleRateHz: 48000, channels: 2, bitRateKbps: 64 }
  const headers = flvHeaders(video, anyAudio)
  if (headers.video !== null) parts.push(...tag(tagTypes.video, 0, headers.video))
  if (audio !== null) parts.push(...tag(tagTypes.audio, 0, headers.audio))
  for (const packet of packets.toSorted((a, b) => a.timestampMs - b.timestampMs)) {
    parts.push(...tag(tagTypes[packet.kind], Math.round(packet.timestampMs), flvBody(packet)))
  }
  await writeFile(path, Buffer.concat(parts))
}

function tag(type: number, timestampMs: number, body: Buffer): Buffer[] {
  const head = Buffer.alloc(11)
  head[0] = type
  head.writeUIntBE(body.length, 1, 3)
  head.writeUIntBE(timestampMs & 0xffffff, 4, 3)
  head[7] = timestampMs >>> 24
  const size = Buffer.alloc(4)
  size.writeUInt32BE(11 + body.length)
  return [head, body, size]
}
