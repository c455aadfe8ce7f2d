// Reads a recorded mix back: every picture and every sound, decoded.
import { Codec, CodecContext, FormatContext, Frame, Packet } from 'node-av'
import { AVMEDIA_TYPE_AUDIO, AVMEDIA_TYPE_VIDEO } from 'node-av/constants'

/**
 * Decodes all pictures and sounds of a file in order. Frames are valid during the call only; sounds are the first channel.
 * @throws {Error} when the file cannot be read
 */
export async function decodeRecording(
  file: string,
  onPicture: (frame: Frame, timeMs: number) => void,
  onSound: (samples: Float32Array, rateHz: number) => void,
): Promise<void> {
  const format = new FormatContext()
  check(await format.openInput(file), 'opening the recording')
  const packet = new Packet()
  packet.alloc()
  const frame = new Frame()
  frame.alloc()
  const decoders = new Map<number, CodecContext>()
  try {
    check(await format.findStreamInfo(null), 'reading the recording')
    for (const { index, codecpar } of format.streams) {
      const codec = Codec.findDecoder(codecpar.codecId)
      if (codec === null || (codecpar.codecType !== AVMEDIA_TYPE_VIDEO && codecpar.codecType !== AVMEDIA_TYPE_AUDIO)) continue
      const decoder = new CodecContext()
      decoder.allocContext3(codec)
      decoder.parametersToContext(codecpar)
      decoder.threadCount = 1
      check(decoder.open2Sync(codec, null), 'opening a decoder')
      decoders.set(index, decoder)
    }
    while ((await format.readFrame(packet)) >= 0) {
      const decoder = decoders.get(packet.streamIndex)
      const { num, den } = format.streams[packet.streamIndex]?.timeBase ?? { num: 1, den: 1000 }
      const isSent = (decoder?.sendPacketSync(packet) ?? -1) >= 0
      packet.unref()
      if (decoder === undefined || !isSent) continue
      while (decoder.receiveFrameSync(frame) >= 0) {
        if (frame.isVideo()) onPicture(frame, (Number(frame.bestEffortTimestamp) * 1000 * num) / den)
        else onSound(firstChannel(frame), frame.sampleRate)
        frame.unref()
      }
    }
  } finally {
    for (const decoder of decoders.values()) decoder.freeContext()
    frame.free()
    packet.free()
    await format.closeInput()
  }
}

/** AAC decodes to planar floats; the copy outlives the frame. */
function firstChannel(frame: Frame): Float32Array {
  const [plane] = frame.data ?? []
  if (plane === undefined) return new Float32Array(0)
  return new Float32Array(plane.buffer.slice(plane.byteOffset, plane.byteOffset + frame.nbSamples * 4))
}

function check(code: number, step: string): void {
  if (code < 0) throw new Error(`FFmpeg failed at ${step} (error ${code}).`)
}
