// Loads and runs every codec once, so that a task's first picture does not pay for it.
import { AV_LOG_ERROR, AV_PIX_FMT_YUV420P } from 'node-av/constants'
import { Frame, Log } from 'node-av/lib'
import { AudioEncoder } from './audio-encoder.ts'
import { checkResult } from './check-result.ts'
import { VideoEncoder } from './video-encoder.ts'

/** Keeps FFmpeg quiet below errors, and encodes one small picture and one sound. */
export function warmUp(): void {
  Log.setLevel(AV_LOG_ERROR)
  const audio = AudioEncoder.open({ codec: 'aac-lc', sampleRateHz: 48000, channels: 2, bitRateKbps: 64 })
  const silence = new Float32Array(audio.frameSize)
  audio.encode(silence, silence, 0)
  audio.close()

  const frame = new Frame()
  frame.alloc()
  frame.width = 64
  frame.height = 64
  frame.format = AV_PIX_FMT_YUV420P
  checkResult(frame.getBuffer(0), 'allocate a picture')
  const video = VideoEncoder.open({ widthPx: 64, heightPx: 64, fps: 15, bitRateKbps: 100, gopSec: 1 }, { threads: 1 })
  video
    .encode(frame, 0, false)
    .finally(() => frame.free())
    // A codec that does not work is the first job's error, where somebody is told.
    .catch(() => {})
  video.close()
}
