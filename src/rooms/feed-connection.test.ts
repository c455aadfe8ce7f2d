import { Duplex } from 'node:stream'
import type { Socket } from 'node:net'
import { expect, test, vi } from 'vitest'
import { controlFrame, FrameReader } from '../feed/framing.ts'
import type { EngineMessage, RoomsMessage } from '../feed/messages.ts'
import { parseRtpPacket } from '../rtp/packet.ts'
import { writeRtpPacket } from '../rtp/write-packet.ts'
import { FeedConnection } from './feed-connection.ts'
import { IncomingStream } from './incoming-stream.ts'
import { Rooms } from './rooms.ts'
import { Track } from './track.ts'

const room = { appId: 1, kind: 'number', name: '1' } as const

function setUp() {
  const messages: RoomsMessage[] = []
  const sequenceNumbers: number[] = []
  let held: (() => void)[] | null = null
  const reader = new FrameReader({
    control: (message) => messages.push(message as RoomsMessage),
    media: (_trackId, buffer) => sequenceNumbers.push(parseRtpPacket(buffer)!.sequenceNumber),
  })
  const socket = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      const deliver = (): void => {
        reader.push(chunk)
        done()
      }
      if (held === null) deliver()
      else held.push(deliver)
    },
  }) as unknown as Socket
  const rooms = new Rooms({
    createTransport: () => Promise.reject(new Error('unused')),
    announce: () => {},
    now: () => 0,
    unixMs: () => 1_000,
  })
  const closed = vi.fn<() => void>()
  const connection = new FeedConnection({ socket, rooms, authorize: async () => ({ ok: true }), entered: () => {}, closed, now: () => 0 })
  const say = (message: EngineMessage): void => void socket.emit('data', controlFrame(message))
  const stall = (): void => void (held ??= [])
  const flow = (): void => {
    const waiting = held ?? []
    held = null
    for (const deliver of waiting) deliver()
  }
  return { rooms, socket, connection, closed, say, stall, flow, messages, sequenceNumbers }
}

function addCamera(rooms: Rooms) {
  const track = new Track({ user: { room, userId: 'alice' }, kind: 'camera', codec: 'vp8', clockRateHz: 90_000, parameters: '' })
  const sendKeyFrameRequest = vi.fn<() => void>()
  const stream = new IncomingStream({
    ssrc: 1,
    codec: 'vp8',
    clockRateHz: 90_000,
    rid: '',
    isRepaired: true,
    counters: rooms.counters,
    sendNack: () => {},
    sendKeyFrameRequest,
  })
  track.addLayer(stream)
  rooms.room(room).enter('alice', { replaced: () => {}, removed: () => {} }, false)
  rooms.room(room).addTrack(track)
  let sent = 0
  const send = (isKeyFrame: boolean, nowMs = 0): void => {
    const payload = Buffer.alloc(1_100)
    payload[0] = 0x10
    payload[1] = isKeyFrame ? 0x50 : 0x51
    const packet = parseRtpPacket(
      writeRtpPacket(
        { marker: true, payloadType: 96, sequenceNumber: sent++ & 0xffff, timestamp: 0, ssrc: 1 },
        [],
        payload,
        0,
        payload.length,
      ),
    )!
    track.packetArrived(stream, packet, stream.receive(packet, false, nowMs), nowMs)
  }
  return { track, send, sendKeyFrameRequest }
}

test('with more than 4 MB unsent video is dropped up to the next key frame after the jam, and counted', async () => {
  const { rooms, say, stall, flow, messages, sequenceNumbers, connection } = setUp()
  const { send } = addCamera(rooms)
  say({ type: 'enter', taskId: 't', robot: { room, userId: 'robot' }, userSig: 'x' })
  await vi.waitFor(() => expect(messages.map(({ type }) => type)).toEqual(['entered', 'joined', 'track-added']))
  say({ type: 'subscribe', trackId: 1 })
  send(true)
  stall()
  for (let packet = 1; packet < 5_000; packet++) send(packet % 500 === 0)
  const { packetsToFeeds, feedPacketsDropped } = rooms.counters
  expect(packetsToFeeds + feedPacketsDropped).toBe(5_000)
  // 1121 bytes each; one packet may pass the limit.
  expect(packetsToFeeds).toBeGreaterThan((4 << 20) / 1_122)
  expect(packetsToFeeds).toBeLessThan((4 << 20) / 1_121 + 2)
  flow()
  await vi.waitFor(() => expect(sequenceNumbers).toHaveLength(packetsToFeeds))
  send(false)
  send(true)
  send(false)
  expect(rooms.counters.feedPacketsDropped).toBe(feedPacketsDropped + 1)
  await vi.waitFor(() => expect(sequenceNumbers.slice(-2)).toEqual([5_001, 5_002]))
  connection.close()
})

test('nothing is sent before it is asked for, nor after', async () => {
  const { rooms, say, messages, sequenceNumbers, connection } = setUp()
  const { send, sendKeyFrameRequest } = addCamera(rooms)
  say({ type: 'enter', taskId: 't', robot: { room, userId: 'robot' }, userSig: 'x' })
  await vi.waitFor(() => expect(messages).toHaveLength(3))
  send(true)
  say({ type: 'subscribe', trackId: 1 })
  expect(sendKeyFrameRequest).toHaveBeenCalledOnce()
  send(false)
  send(true)
  say({ type: 'unsubscribe', trackId: 1 })
  send(true)
  expect(rooms.counters.packetsToFeeds).toBe(1)
  await vi.waitFor(() => expect(sequenceNumbers).toEqual([0]))
  connection.close()
})

test('what is no feed protocol, a second enter, and a closed socket end the connection and its robot', async () => {
  const garbage = setUp()
  garbage.socket.emit('data', Buffer.from('GET / HTTP/1.1\r\n\r\n'))
  expect(garbage.closed).toHaveBeenCalledOnce()
  const twice = setUp()
  for (const taskId of ['a', 'b']) twice.say({ type: 'enter', taskId, robot: { room, userId: 'robot' }, userSig: 'x' })
  await vi.waitFor(() => expect(twice.closed).toHaveBeenCalledOnce())
  const gone = setUp()
  gone.say({ type: 'enter', taskId: 'a', robot: { room, userId: 'robot' }, userSig: 'x' })
  await vi.waitFor(() => expect(gone.rooms.list()).toMatchObject([{ participants: [{ userId: 'robot', isRobot: true }] }]))
  gone.socket.emit('close')
  expect(gone.closed).toHaveBeenCalledOnce()
  expect(gone.rooms.list()).toEqual([])
})
