import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { RoomsMessage } from '../../src/feed/messages.ts'
import { parseRtpPacket } from '../../src/rtp/packet.ts'
import { pictureSize } from '../../src/rtp/picture-size.ts'
import { sequenceDifference } from '../../src/rtp/sequence.ts'
import { launchChromium, type RtcBrowser } from '../support/chromium.ts'
import { connectFeed } from '../support/feed-client.ts'
import { startRoomsServer, testUserSig, type RoomsServer } from '../support/rooms-server.ts'

let server: RoomsServer
let browser: RtcBrowser

beforeAll(async () => {
  ;[server, browser] = await Promise.all([startRoomsServer(), launchChromium()])
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
})

const roomOf = (room: number) => ({ appId: 1, kind: 'number', name: String(room) }) as const
const enter = (room: number, taskId: string, userId = 'robot') => ({
  taskId,
  robot: { room: roomOf(room), userId },
  userSig: testUserSig(userId),
})
const soon = { timeout: 10_000, interval: 50 }

test('an engine gets who is there, their tracks, packets on one line, and the publisher clock', async () => {
  const publisher = await browser.newPage()
  await publisher.publish({
    url: server.address(1, 'alice', 'whip'),
    userSig: testUserSig('alice'),
    codec: 'h264',
    widthPx: 640,
    heightPx: 360,
    color: '#c02040',
  })
  const feed = await connectFeed(server.feedAddress, enter(1, 'task-1'))
  await vi.waitFor(() => expect(feed.of('track-added')).toHaveLength(2), soon)
  expect(feed.messages.slice(0, 2)).toMatchObject([
    { type: 'entered' },
    { type: 'joined', room: roomOf(1), userId: 'alice', isRobot: false },
  ])
  const camera = feed.of('track-added').find(({ kind }) => kind === 'camera')!
  expect(camera).toMatchObject({ room: roomOf(1), userId: 'alice', codec: 'h264', clockRateHz: 90_000 })
  expect(feed.of('track-added').find(({ kind }) => kind === 'microphone')).toMatchObject({ codec: 'opus', clockRateHz: 48_000 })

  const packets: { trackId: number; sequenceNumber: number; timestamp: number; isStripped: boolean; widthPx: number | undefined }[] = []
  feed.onMedia = (trackId, buffer) => {
    const packet = parseRtpPacket(buffer)!
    const widthPx = trackId === camera.trackId ? pictureSize('h264', buffer, packet.payloadStart, packet.payloadEnd)?.widthPx : undefined
    packets.push({
      trackId,
      sequenceNumber: packet.sequenceNumber,
      timestamp: packet.timestamp,
      isStripped: packet.payloadStart === 12 && packet.ssrc === trackId,
      widthPx,
    })
  }
  await new Promise((resolve) => setImmediate(resolve))
  expect(packets).toEqual([])
  for (const { trackId } of feed.of('track-added')) feed.send({ type: 'subscribe', trackId })
  await vi.waitFor(() => expect(packets.filter(({ trackId }) => trackId === camera.trackId).length).toBeGreaterThan(60), soon)
  const line = packets.filter(({ trackId }) => trackId === camera.trackId)
  // The first packet begins a key frame, and nothing is missing after it.
  expect(line[0]).toMatchObject({ sequenceNumber: 0, widthPx: 640 })
  expect(line.map(({ sequenceNumber }) => sequenceNumber)).toEqual(line.map((_, index) => index))
  expect(packets.every(({ isStripped }) => isStripped)).toBe(true)
  expect(packets.some(({ trackId }) => trackId !== camera.trackId)).toBe(true)
  await vi.waitFor(() => expect(feed.of('clock').some(({ trackId }) => trackId === camera.trackId)).toBe(true), soon)
  const { ntpMs, rtpTimestamp } = feed.of('clock').findLast(({ trackId }) => trackId === camera.trackId)!
  const newest = packets.findLast(({ trackId }) => trackId === camera.trackId)!
  // The newest frame was captured, by the publisher's clock, within the last seconds.
  expect(Math.abs(ntpMs + ((newest.timestamp - rtpTimestamp) | 0) / 90 - Date.now())).toBeLessThan(3_000)

  const keyFrames = (): number => packets.filter(({ widthPx }) => widthPx !== undefined).length
  const before = keyFrames()
  feed.send({ type: 'key-frame', trackId: camera.trackId })
  await vi.waitFor(() => expect(keyFrames()).toBeGreaterThan(before), { timeout: 2_000, interval: 20 })

  await publisher.close()
  await vi.waitFor(() => expect(feed.of('left')).toMatchObject([{ userId: 'alice' }]), soon)
  expect(new Set(feed.of('track-removed').map(({ trackId }) => trackId))).toEqual(new Set([1, 2]))
  feed.close()
})

test('the simulcast layer follows the wanted size, on one line of numbers and time', async () => {
  const publisher = await browser.newPage()
  await publisher.publish({
    url: server.address(2, 'alice', 'whip'),
    userSig: testUserSig('alice'),
    codec: 'vp8',
    fps: 15,
    color: '#4060a0',
    noisePx: 128,
    simulcast: true,
    toneHz: 0,
  })
  const feed = await connectFeed(server.feedAddress, enter(2, 'task-2'))
  await vi.waitFor(() => expect(feed.of('track-added')).toHaveLength(1), soon)
  const { trackId } = feed.of('track-added')[0]!
  let width = 0
  let lastSequence = -1
  let lastTimestamp = Number.NaN
  let lastAt = Number.NaN
  const breaks: string[] = []
  feed.onMedia = (_trackId, buffer) => {
    const packet = parseRtpPacket(buffer)!
    width = pictureSize('vp8', buffer, packet.payloadStart, packet.payloadEnd)?.widthPx ?? width
    if (sequenceDifference(packet.sequenceNumber, lastSequence & 0xffff) !== 1)
      breaks.push(`sequence ${lastSequence} to ${packet.sequenceNumber}`)
    // Time on the line passes as on the wall, give or take what networks and encoders delay.
    const stepMs = ((packet.timestamp - lastTimestamp) | 0) / 90
    const elapsedMs = performance.now() - lastAt
    if (stepMs < 0 || Math.abs(stepMs - elapsedMs) > 700) breaks.push(`timestamp by ${stepMs} ms in ${elapsedMs} ms`)
    lastAt = performance.now()
    lastSequence = packet.sequenceNumber
    lastTimestamp = packet.timestamp
  }
  feed.send({ type: 'want-size', trackId, widthPx: 320, heightPx: 180 })
  feed.send({ type: 'subscribe', trackId })
  await vi.waitFor(() => expect(width).toBe(320), soon)
  feed.send({ type: 'want-size', trackId, widthPx: 400, heightPx: 200 })
  await vi.waitFor(() => expect(width).toBe(640), soon)
  feed.send({ type: 'want-size', trackId, widthPx: 2_000, heightPx: 2_000 })
  await vi.waitFor(() => expect(width).toBe(1280), { timeout: 20_000, interval: 50 })
  feed.send({ type: 'want-size', trackId, widthPx: 100, heightPx: 60 })
  await vi.waitFor(() => expect(width).toBe(320), soon)
  expect(breaks).toEqual([])
  feed.close()
  await publisher.close()
})

test('one robot per identity: another task takes over, the same task enters again quietly, a person removes it', async () => {
  const first = await connectFeed(server.feedAddress, enter(3, 'task-1'))
  const witness = await connectFeed(server.feedAddress, enter(3, 'task-9', 'witness'))
  await vi.waitFor(() => expect(first.of('joined')).toMatchObject([{ userId: 'witness', isRobot: true }]), soon)
  const successor = await connectFeed(server.feedAddress, enter(3, 'task-1'))
  await vi.waitFor(() => expect(first.isClosed).toBe(true), soon)
  expect(first.of('removed')).toEqual([])
  expect(witness.messages.map(({ type }: RoomsMessage) => type)).toEqual(['entered', 'joined'])
  const rival = await connectFeed(server.feedAddress, enter(3, 'task-2'))
  await vi.waitFor(() => expect(successor.isClosed).toBe(true), soon)
  expect(successor.of('removed')).toMatchObject([{ reason: 'replaced' }])
  const person = await browser.newPage()
  await person.publish({
    url: server.address(3, 'robot', 'whip'),
    userSig: testUserSig('robot'),
    codec: 'vp8',
    widthPx: 160,
    heightPx: 90,
    color: '#fff',
  })
  await vi.waitFor(() => expect(rival.isClosed).toBe(true), soon)
  expect(rival.of('removed')).toMatchObject([{ reason: 'replaced' }])
  await vi.waitFor(() => expect(witness.of('joined').at(-1)).toMatchObject({ userId: 'robot', isRobot: false }), soon)
  await person.close()
  witness.close()
  await vi.waitFor(async () => expect((await server.supervisor.calls.list()).map(({ room }) => room.name)).not.toContain('3'), soon)
})

test('a robot whose UserSig does not hold is told so and put out', async () => {
  const feed = await connectFeed(server.feedAddress, { ...enter(4, 'task-1'), userSig: testUserSig('somebody') })
  await vi.waitFor(() => expect(feed.isClosed).toBe(true), soon)
  expect(feed.messages).toEqual([{ type: 'removed', reason: 'bad-user-sig', detail: 'was issued for another user' }])
})
