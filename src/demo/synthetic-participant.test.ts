import { execFileSync } from 'node:child_process'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { PeerConnection, type Track } from 'node-datachannel'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { AV_LOG_ERROR, Log } from 'node-av'
import { createLogger } from '../log.ts'
import { isRtcp, parseRtpPacket, type RtpPacket } from '../rtp/packet.ts'
import { rtcpPackets } from '../rtp/rtcp/compound.ts'
import { writePictureLossIndication } from '../rtp/rtcp/key-frame-request.ts'
import { writeNack } from '../rtp/rtcp/nack.ts'
import { parseSenderReport } from '../rtp/rtcp/sender-report.ts'
import { SyntheticParticipant } from './synthetic-participant.ts'

/** The least a WHIP server can be: answers by libdatachannel and keeps what comes. */
class Receiver {
  readonly packets: RtpPacket[] = []
  readonly reports: number[] = []
  readonly requests: string[] = []
  readonly #server: Server
  #connections: PeerConnection[] = []
  #tracks: Track[] = []
  refuse = false

  constructor() {
    this.#server = createServer((request, response) => {
      this.requests.push(`${request.method} ${request.headers.authorization}`)
      void this.#respond(request).then(([status, body]) => response.writeHead(status, { location: '/session' }).end(body))
    })
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/whip`
  }

  video(): RtpPacket[] {
    return this.packets.filter((packet) => packet.payloadType === 102)
  }

  send(packet: Buffer): void {
    for (const track of this.#tracks) if (track.type() === 'video' && track.isOpen()) track.sendMessageBinary(packet)
  }

  drop(): void {
    for (const connection of this.#connections) connection.close()
    this.#connections = []
    this.#tracks = []
  }

  close(): void {
    this.drop()
    this.#server.close()
  }

  async #respond(request: IncomingMessage): Promise<[number, string]> {
    if (request.method === 'DELETE') return [200, '']
    return this.refuse ? [503, 'not now'] : [201, await this.#answer(await text(request))]
  }

  async #answer(offer: string): Promise<string> {
    const connection = new PeerConnection('receiver', { iceServers: [], disableAutoNegotiation: true })
    this.#connections.push(connection)
    connection.onTrack((track) => {
      this.#tracks.push(track)
      track.onMessage((message) => this.#receive(message))
    })
    const gathered = new Promise<void>((resolve) => connection.onGatheringStateChange((state) => state === 'complete' && resolve()))
    connection.setRemoteDescription(offer, 'offer')
    connection.setLocalDescription('answer')
    await gathered
    return connection.localDescription()?.sdp ?? ''
  }

  #receive(message: Buffer): void {
    if (isRtcp(message)) for (const packet of rtcpPackets(message)) this.reports.push(...[parseSenderReport(packet)?.ssrc ?? []].flat())
    const packet = isRtcp(message) ? null : parseRtpPacket(message)
    if (packet !== null) this.packets.push(packet)
  }
}

const options = {
  codec: 'h264',
  widthPx: 320,
  heightPx: 180,
  fps: 15,
  bitRateKbps: 500,
  color: 0x1f5fa8,
  name: 'Somebody',
  toneHz: 440,
} as const
Log.setLevel(AV_LOG_ERROR)
let receiver: Receiver
let participant: SyntheticParticipant

beforeEach(async () => {
  receiver = new Receiver()
  participant = new SyntheticParticipant({
    ...options,
    whipUrl: await receiver.listen(),
    userSig: 'sig',
    log: createLogger('test', 'silent'),
  })
})

afterEach(async () => {
  await participant.close()
  receiver.close()
})

/** Annex B of the received frames, put together without our own packetizer's help. */
function elementaryStream(packets: RtpPacket[]): Buffer {
  const startCode = Buffer.from([0, 0, 0, 1])
  return Buffer.concat(
    packets.flatMap(({ buffer, payloadStart, payloadEnd }) => {
      const payload = buffer.subarray(payloadStart, payloadEnd)
      const type = payload.readUInt8(0) & 0x1f
      if (type === 24) {
        const size = payload.readUInt16BE(1)
        return [startCode, payload.subarray(3, 3 + size), startCode, payload.subarray(5 + size)]
      }
      if (type !== 28) return [startCode, payload]
      const edges = payload.readUInt8(1)
      return [
        ...((edges & 0x80) === 0 ? [] : [startCode, Buffer.from([(payload.readUInt8(0) & 0xe0) | (edges & 0x1f)])]),
        payload.subarray(2),
      ]
    }),
  )
}

test('pictures arrive that ffprobe can decode, with sound and sender reports, and leaving says so', async () => {
  await participant.start()
  await vi.waitUntil(() => participant.stats.frames >= 20, 10_000)
  await vi.waitUntil(() => receiver.video().length >= 20 && receiver.reports.length >= 2, 10_000)
  const input = elementaryStream(receiver.video())
  const entries = ['-show_entries', 'stream=codec_name,profile,width,height,nb_read_frames', '-count_frames']
  const shown = execFileSync('ffprobe', ['-v', 'error', ...entries, '-of', 'csv=p=0', '-f', 'h264', '-'], { input, encoding: 'utf8' })
  const [name, profile, widthPx, heightPx, frames] = shown.trim().split(',')
  expect([name, profile, widthPx, heightPx]).toEqual(['h264', 'Constrained Baseline', '320', '180'])
  expect(Number(frames)).toBeGreaterThanOrEqual(15)
  expect(receiver.packets.some((packet) => packet.payloadType === 111)).toBe(true)
  await participant.close()
  expect(receiver.requests).toEqual(['POST Bearer sig', 'DELETE Bearer sig'])
})

test('a key frame is sent when asked for, and a lost packet again', async () => {
  await participant.start()
  await vi.waitUntil(() => receiver.video().length >= 5, 10_000)
  const [packet] = receiver.video()
  if (packet === undefined) throw new Error('no packet')
  const isKeyFrame = ({ buffer, payloadStart }: RtpPacket): boolean => (buffer.readUInt8(payloadStart) & 0x1f) === 24
  expect(receiver.video().filter(isKeyFrame)).toHaveLength(1)
  receiver.send(writePictureLossIndication(1, packet.ssrc))
  await vi.waitUntil(() => receiver.video().filter(isKeyFrame).length === 2, 5_000)
  receiver.send(writeNack(1, packet.ssrc, [packet.sequenceNumber]))
  // SRTP hides the repetition of what came already, so the sender is asked.
  await vi.waitUntil(() => participant.stats.retransmitted >= 1, 5_000)
})

test('publishes again when the server is gone for a while, with a key frame at once', async () => {
  await participant.start()
  await vi.waitUntil(() => receiver.video().length >= 5, 10_000)
  receiver.refuse = true
  receiver.drop()
  await vi.waitUntil(() => receiver.requests.filter((request) => request.startsWith('POST')).length >= 3, 15_000)
  receiver.packets.length = 0
  receiver.refuse = false
  await vi.waitUntil(() => receiver.video().length >= 5, 10_000)
  expect(receiver.video()[0]?.buffer.readUInt8(receiver.video()[0]?.payloadStart ?? 0)).toBe(0x78)
  expect(participant.stats.reconnects).toBeGreaterThanOrEqual(1)
})
