// The process behind whip-client.ts: encodes in real time and muxes with FFmpeg's "whip" format.
import { Codec, CodecContext, FormatContext, Frame, Packet, type Stream } from 'node-av'
import {
  AV_CHANNEL_ORDER_NATIVE,
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_PIX_FMT_YUV420P,
  AV_SAMPLE_FMT_FLT,
  type FFEncoderCodec,
} from 'node-av/constants'
import type { FfmpegPublishOptions } from './whip-client.ts'

const { url, userSig, seconds } = JSON.parse(process.argv[2]!) as FfmpegPublishOptions
const [widthPx, heightPx, fps, sampleRateHz, frameSamples] = [640, 360, 30, 48_000, 960]

const check = (code: number, what: string): void => {
  if (code < 0) throw new Error(`${what} failed with ${code}.`)
}

async function encoder(name: string, configure: (context: CodecContext) => void): Promise<CodecContext> {
  const codec = Codec.findEncoderByName(name as FFEncoderCodec)!
  const context = new CodecContext()
  context.allocContext3(codec)
  context.flags = AV_CODEC_FLAG_GLOBAL_HEADER
  configure(context)
  check(await context.open2(codec, null), name)
  return context
}

const video = await encoder('libx264', (context) => {
  Object.assign(context, {
    width: widthPx,
    height: heightPx,
    pixelFormat: AV_PIX_FMT_YUV420P,
    timeBase: { num: 1, den: fps },
    framerate: { num: fps, den: 1 },
    bitRate: 500_000n,
    gopSize: fps,
    maxBFrames: 0,
    threadCount: 1,
  })
  for (const [option, value] of [
    ['preset', 'ultrafast'],
    ['tune', 'zerolatency'],
    ['profile', 'baseline'],
  ] as const)
    check(context.setOption(option, value), option)
})
const audio = await encoder('libopus', (context) => {
  Object.assign(context, {
    sampleRate: sampleRateHz,
    channelLayout: { nbChannels: 2, order: AV_CHANNEL_ORDER_NATIVE, mask: 3n },
    sampleFormat: AV_SAMPLE_FMT_FLT,
    timeBase: { num: 1, den: sampleRateHz },
    bitRate: 64_000n,
  })
})

const format = new FormatContext()
check(format.allocOutputContext2(null, 'whip', url), 'whip')
const streams = [video, audio].map((context) => {
  const stream = format.newStream(null)
  check(stream.codecpar.fromContext(context), 'codec parameters')
  stream.timeBase = context.timeBase
  return stream
})
check(format.setOption('authorization', userSig), 'authorization')
check(await format.writeHeader(null), 'WHIP')

const packet = new Packet()
packet.alloc()
async function write(context: CodecContext, stream: Stream, index: number, frame: Frame): Promise<void> {
  check(await context.sendFrame(frame), 'encode')
  frame.free()
  while ((await context.receivePacket(packet)) >= 0) {
    packet.streamIndex = index
    packet.rescaleTs(context.timeBase, stream.timeBase)
    check(await format.interleavedWriteFrame(packet), 'write')
  }
}

const picture = Buffer.alloc((widthPx * heightPx * 3) / 2, 128)
const sound = Buffer.alloc(frameSamples * 8)
const startedAt = performance.now()
for (let frames = 0, sounds = 0; frames < seconds * fps;) {
  const elapsedMs = performance.now() - startedAt
  if ((frames * 1000) / fps <= elapsedMs) {
    for (let row = 0; row < heightPx; row += 2) picture.fill((row + frames * 3) & 255, row * widthPx, (row + 1) * widthPx)
    const frame = Frame.fromVideoBuffer(picture, {
      width: widthPx,
      height: heightPx,
      format: AV_PIX_FMT_YUV420P,
      timeBase: { num: 1, den: fps },
    })
    frame.pts = BigInt(frames++)
    await write(video, streams[0]!, 0, frame)
  } else if ((sounds * frameSamples * 1000) / sampleRateHz <= elapsedMs) {
    for (let sample = 0; sample < frameSamples; sample++) {
      const level = 0.3 * Math.sin((2 * Math.PI * 660 * (sounds * frameSamples + sample)) / sampleRateHz)
      sound.writeFloatLE(level, sample * 8)
      sound.writeFloatLE(level, sample * 8 + 4)
    }
    const frame = Frame.fromAudioBuffer(sound, {
      nbSamples: frameSamples,
      format: AV_SAMPLE_FMT_FLT,
      sampleRate: sampleRateHz,
      channelLayout: { nbChannels: 2, order: AV_CHANNEL_ORDER_NATIVE, mask: 3n },
      timeBase: { num: 1, den: sampleRateHz },
    })
    frame.pts = BigInt(sounds++ * frameSamples)
    await write(audio, streams[1]!, 1, frame)
  } else await new Promise((resolve) => setTimeout(resolve, 3))
}
check(await format.writeTrailer(), 'hang up')
process.exit(0)
