// Reads the packets of an input file in order, as a publisher would send them.
import { AVMEDIA_TYPE_VIDEO } from 'node-av/constants'
import { BitStreamFilter, BitStreamFilterContext, FormatContext, Packet, type Stream } from 'node-av/lib'

export interface InputPacket {
  readonly kind: 'video' | 'audio'
  /** Video: Annex B with parameter sets before key frames. Audio: one Opus packet. A copy. */
  readonly data: Buffer
  readonly ptsMs: number
  readonly isKeyFrame: boolean
}

/** All packets of a file, in the file's order; the file is closed at the end or when the loop is left. */
export function* inputPackets(file: string): Generator<InputPacket> {
  const format = new FormatContext()
  check(format.openInputSync(file), `open ${file}`)
  check(format.findStreamInfoSync(), `look into ${file}`)
  const streams = format.streams
  const annexB = annexBFilter(streams.find(isVideo))
  const packet = new Packet()
  packet.alloc()
  try {
    while (format.readFrameSync(packet) >= 0) {
      const stream = streams[packet.streamIndex]
      if (stream === undefined) continue
      const kind = isVideo(stream) ? 'video' : 'audio'
      if (kind === 'video') {
        check(annexB.sendPacketSync(packet), 'filter a packet')
        check(annexB.receivePacketSync(packet), 'filter a packet')
      }
      const { num, den } = stream.timeBase
      if (packet.data !== null) {
        yield { kind, data: Buffer.from(packet.data), ptsMs: (Number(packet.pts) * num * 1000) / den, isKeyFrame: packet.isKeyframe }
      }
      packet.unref()
    }
  } finally {
    packet.free()
    annexB.free()
    format.closeInputSync()
  }
}

const isVideo = (stream: Stream): boolean => stream.codecpar.codecType === AVMEDIA_TYPE_VIDEO

function annexBFilter(stream: Stream | undefined): BitStreamFilterContext {
  const filter = BitStreamFilter.getByName('h264_mp4toannexb')
  if (filter === null || stream === undefined) throw new Error('An input needs a picture, and FFmpeg its filter to Annex B.')
  const context = new BitStreamFilterContext()
  check(context.alloc(filter), 'make a filter')
  const { inputCodecParameters } = context
  if (inputCodecParameters === null) throw new Error('The filter takes no parameters.')
  check(stream.codecpar.copy(inputCodecParameters), 'copy parameters')
  context.inputTimeBase = stream.timeBase
  check(context.init(), 'start a filter')
  return context
}

function check(result: number, what: string): void {
  if (result < 0) throw new Error(`FFmpeg could not ${what} (error ${result}).`)
}
