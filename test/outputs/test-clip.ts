// A few seconds of encoded picture and sound, in the order an engine would hand them to its outputs.
import { AV_PIX_FMT_YUV420P } from 'node-av/constants'
import { Frame } from 'node-av/lib'
import { AudioEncoder } from '../../src/engine/encoders/audio-encoder.ts'
import { VideoEncoder } from '../../src/engine/encoders/video-encoder.ts'
import type { AudioConfig, EncodedPacket, VideoConfig } from '../../src/engine/media.ts'
import type { AudioEncodeSpec, VideoEncodeSpec } from '../../src/mix/mix-spec.ts'

export interface TestClip {
  readonly video: VideoConfig
  readonly audio: AudioConfig
  /** By timestamp. */
  readonly packets: EncodedPacket[]
}

const defaultVideo: VideoEncodeSpec = { widthPx: 320, heightPx: 180, fps: 15, bitRateKbps: 400, gopSec: 1 }
const defaultAudio: AudioEncodeSpec = { codec: 'aac-lc', sampleRateHz: 48000, channels: 2, bitRateKbps: 64 }

/** A moving gradient and a 440 Hz tone. */
export async function makeTestClip(durationSec: number, startMs = 0, video = defaultVideo, audio = defaultAudio): Promise<TestClip> {
  const pictures = await encodePictures(video, durationSec, startMs)
  const sound = encodeTone(audio, durationSec, startMs)
  const packets = [...pictures.packets, ...sound.packets].sort((a, b) => a.timestampMs - b.timestampMs)
  return { video: pictures.config, audio: sound.config, packets }
}

/** An I420 picture to paint on. */
export function blankPicture(widthPx: number, heightPx: number): Frame {
  const frame = new Frame()
  frame.alloc()
  frame.width = widthPx
  frame.height = heightPx
  frame.format = AV_PIX_FMT_YUV420P
  frame.getBuffer(0)
  for (const [index, plane] of (frame.data ?? []).entries()) plane.fill(index === 0 ? 16 : 128)
  return frame
}

export async function encodePictures(
  spec: VideoEncodeSpec,
  durationSec: number,
  startMs: number,
): Promise<{ config: VideoConfig; packets: EncodedPacket[] }> {
  const encoder = VideoEncoder.open(spec, { threads: 1 })
  const frame = blankPicture(spec.widthPx, spec.heightPx)
  const luma = frame.data?.[0] ?? Buffer.alloc(0)
  const packets: EncodedPacket[] = []
  for (let index = 0; index < durationSec * spec.fps; index++) {
    for (let at = 0; at < luma.length; at++) luma[at] = 16 + ((at + index * 8) % 200)
    const packet = await encoder.encode(frame, startMs + (index * 1000) / spec.fps, false)
    if (packet !== null) packets.push(packet)
  }
  encoder.close()
  frame.free()
  return { config: encoder.config, packets }
}

export function encodeTone(spec: AudioEncodeSpec, durationSec: number, startMs: number): { config: AudioConfig; packets: EncodedPacket[] } {
  const encoder = AudioEncoder.open(spec)
  const packets: EncodedPacket[] = []
  for (let sample = 0; sample < durationSec * spec.sampleRateHz; sample += encoder.frameSize) {
    const tone = Float32Array.from(
      { length: encoder.frameSize },
      (_, offset) => 0.3 * Math.sin((2 * Math.PI * 440 * (sample + offset)) / spec.sampleRateHz),
    )
    packets.push(...encoder.encode(tone, tone, startMs + (sample * 1000) / spec.sampleRateHz))
  }
  encoder.close()
  return { config: encoder.config, packets }
}
