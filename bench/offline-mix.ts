// Mixes files as fast as it can with the engine's own parts: the process whose CPU the mix cost figure measures.
// node bench/offline-mix.ts MODE COUNT SIZE SECONDS [FILE]
//   mix       decode, composite, mix, encode
//   codecs    decode, then encode the pictures and sound of FILE: what is left without compositing and mixing
//   canvases  write pictures (FILE.yuv) and sound (FILE.pcm) of the mix for `codecs`
import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import { AV_LOG_ERROR, AV_PIX_FMT_YUV420P } from 'node-av/constants'
import { Frame, Log } from 'node-av/lib'
import { Compositor } from '../src/engine/compositor/compositor.ts'
import { OpusDecoder } from '../src/engine/decoders/opus-decoder.ts'
import { VideoDecoder } from '../src/engine/decoders/video-decoder.ts'
import { AudioEncoder } from '../src/engine/encoders/audio-encoder.ts'
import { VideoEncoder } from '../src/engine/encoders/video-encoder.ts'
import type { EncodedPacket } from '../src/engine/media.ts'
import { Mixer, type Voice } from '../src/engine/mixer/mixer.ts'
import { SampleQueue, type StereoSamples } from '../src/engine/mixer/sample-queue.ts'
import { flvBody } from '../src/engine/outputs/flv.ts'
import { inputPackets } from './input-file.ts'
import { FPS, inputs, type SizeName } from './inputs.ts'
import { audioEncode, encode, sceneOf, type MixCase } from './scene.ts'

const CHUNK_SAMPLES = 960
const CHUNK_MS = 20

const [mode = 'mix', count = '4', size = '720p', seconds = '20', file = ''] = process.argv.slice(2)
const mixCase: MixCase = { count: Number(count) as MixCase['count'], size: size as SizeName }
Log.setLevel(AV_LOG_ERROR)

/** One participant: its packets, in order, and its decoders. */
class Participant {
  readonly #packets
  readonly #video = new VideoDecoder('h264')
  readonly #opus = new OpusDecoder()
  readonly #waiting: Buffer[] = []
  #shown: Frame | null = null

  constructor(path: string) {
    this.#packets = inputPackets(path)
  }

  /** Decodes up to the next picture; sound on the way waits for `sound`. */
  picture(): Frame | null {
    for (let { value: packet } = this.#packets.next(); packet !== undefined; { value: packet } = this.#packets.next()) {
      if (packet.kind === 'audio') {
        this.#waiting.push(packet.data)
        continue
      }
      const frame = this.#video.decode({ data: packet.data, timestamp: Math.round(packet.ptsMs * 90), isKeyFrame: packet.isKeyFrame })?.[0]
      if (frame === undefined) throw new Error(`A picture at ${packet.ptsMs} ms cannot be decoded.`)
      if (this.#shown !== null) this.#video.recycle(this.#shown)
      this.#shown = frame
      return frame
    }
    return null
  }

  sound(): StereoSamples | null {
    const data = this.#waiting.shift()
    return data === undefined ? null : this.#opus.decode(data)
  }
}

/** Where canvas and mixed sound come from: made here, or read from a file. */
interface Mix {
  picture(frames: readonly Frame[]): Frame
  sound(voices: readonly StereoSamples[]): StereoSamples
}

function mixing(): Mix {
  const compositor = new Compositor(sceneOf(mixCase))
  const mixer = new Mixer()
  return {
    picture(frames) {
      for (const [index, frame] of frames.entries()) compositor.update(`${index}`, frame)
      return compositor.render().frame
    },
    sound: (voices) =>
      mixer.mix(
        voices.map((voice): Voice => (left, right) => {
          for (let index = 0; index < left.length; index++) {
            left[index]! += voice.left[index]!
            right[index]! += voice.right[index]!
          }
        }),
        CHUNK_SAMPLES,
      ),
  }
}

function reading(): Mix {
  const [yuv, pcm] = [openSync(`${file}.yuv`, 'r'), openSync(`${file}.pcm`, 'r')]
  const { widthPx, heightPx } = encode
  const buffers = [0, 1].map(() => Buffer.alloc((widthPx * heightPx * 3) / 2))
  const format = { width: widthPx, height: heightPx, format: AV_PIX_FMT_YUV420P, timeBase: { num: 1, den: FPS } }
  const canvases = buffers.map((buffer) => Frame.fromVideoBuffer(buffer, format))
  const [left, right] = [new Float32Array(CHUNK_SAMPLES), new Float32Array(CHUNK_SAMPLES)]
  let turn = 0
  return {
    picture() {
      turn ^= 1
      readSync(yuv, buffers[turn]!)
      return canvases[turn]!
    },
    sound() {
      readSync(pcm, left)
      readSync(pcm, right)
      return { left, right }
    },
  }
}

const participants = inputs(mixCase.count, mixCase.size, Number(seconds)).map((path) => new Participant(path))
const mix = mode === 'codecs' ? reading() : mixing()
const dump = mode === 'canvases' ? { yuv: openSync(`${file}.yuv`, 'w'), pcm: openSync(`${file}.pcm`, 'w') } : null
const video = VideoEncoder.open(encode, { threads: 1 })
const audio = AudioEncoder.open(audioEncode)
const queue = new SampleQueue()
let [bytes, pictures, soundMs] = [0, 0, 0]
const out = (packet: EncodedPacket | null): void => {
  if (packet !== null) bytes += flvBody(packet).length
}

for (;;) {
  const frames = participants.map((participant) => participant.picture())
  if (!frames.every((frame) => frame !== null)) break
  const canvas = mix.picture(frames)
  if (dump !== null) for (const plane of canvas.data ?? []) writeSync(dump.yuv, plane)
  const timestampMs = (pictures++ * 1000) / FPS
  // One after the other, as ffmpeg does and as a live engine mostly does: threads that share a core inflate each other's CPU time.
  out(await video.encode(canvas, timestampMs, false))
  for (; soundMs <= timestampMs; soundMs += CHUNK_MS) {
    const voices = participants.map((participant) => participant.sound()).filter((voice) => voice !== null)
    const sound = mix.sound(voices)
    if (dump !== null) for (const channel of [sound.left, sound.right]) writeSync(dump.pcm, channel)
    queue.push(sound)
    for (let chunk = queue.take(audio.frameSize); chunk !== null; chunk = queue.take(audio.frameSize)) {
      for (const packet of audio.encode(chunk.left, chunk.right, soundMs)) out(packet)
    }
  }
}
if (dump !== null) for (const handle of Object.values(dump)) closeSync(handle)
console.log(JSON.stringify({ pictures, bytes }))
