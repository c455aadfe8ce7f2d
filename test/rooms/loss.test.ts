import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { parseRtpPacket } from '../../src/rtp/packet.ts'
import { SequenceUnwrapper } from '../../src/rtp/sequence.ts'
import { launchChromium, type RtcBrowser } from '../support/chromium.ts'
import { connectFeed } from '../support/feed-client.ts'
import { startRoomsServer, testUserSig, type RoomsServer } from '../support/rooms-server.ts'
import { startUdpProxy } from '../support/udp-proxy.ts'

let server: RoomsServer
let browser: RtcBrowser

beforeAll(async () => {
  ;[server, browser] = await Promise.all([startRoomsServer(), launchChromium()])
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
})

test('5 % loss and 50 ms of jitter both ways lose nearly nothing for good, to engine and viewer', async () => {
  const proxy = await startUdpProxy(server.rtcPort)
  const publisher = await browser.newPage()
  await publisher.publish({
    url: server.address(1, 'alice', 'whip'),
    userSig: testUserSig('alice'),
    codec: 'h264',
    widthPx: 640,
    heightPx: 360,
    color: '#4060a0',
    noisePx: 64,
    toneHz: 0,
    proxyPort: proxy.port,
  })
  const feed = await connectFeed(server.feedAddress, {
    taskId: 'task-1',
    robot: { room: { appId: 1, kind: 'number', name: '1' }, userId: 'robot' },
    userSig: testUserSig('robot'),
  })
  await vi.waitFor(() => expect(feed.of('track-added')).toHaveLength(1), { timeout: 10_000, interval: 50 })
  const places = new Set<number>()
  const unwrapper = new SequenceUnwrapper()
  let duplicates = 0
  feed.onMedia = (_trackId, buffer) => {
    const place = unwrapper.unwrap(parseRtpPacket(buffer)!.sequenceNumber)
    if (places.has(place)) duplicates += 1
    places.add(place)
  }
  feed.send({ type: 'subscribe', trackId: feed.of('track-added')[0]!.trackId })
  const viewer = await browser.newPage()
  await viewer.play({ url: server.address(1, 'alice', 'whep'), userSig: testUserSig('bob'), proxyPort: proxy.port })
  await vi.waitFor(async () => expect((await viewer.stats()).received?.framesDecoded).toBeGreaterThan(10), {
    timeout: 10_000,
    interval: 100,
  })
  const clean = { sent: (await publisher.stats()).sent[0]!.frames, seen: (await viewer.stats()).received!.framesDecoded }
  proxy.loss = 0.05
  proxy.jitterMs = 50
  const before = places.size
  await vi.waitFor(() => expect(places.size).toBeGreaterThan(before + 600), { timeout: 30_000, interval: 100 })
  proxy.loss = 0
  const highest = Math.max(...places)
  // What is still on its way gets the time of its repair.
  const missing = (): number => Array.from({ length: highest + 1 }, (_, place) => place).filter((place) => !places.has(place)).length
  await vi.waitFor(() => expect(missing()).toBeLessThan(3), { timeout: 3_000, interval: 50 })
  expect(duplicates).toBe(0)
  expect(proxy.dropped).toBeGreaterThan(30)
  const stats = await server.supervisor.calls.stats()
  expect(stats.nacksSent).toBeGreaterThan(10)
  expect(stats.retransmitted).toBeGreaterThan(10)
  const sent = (await publisher.stats()).sent[0]!.frames - clean.sent
  const received = (await viewer.stats()).received!
  expect(sent).toBeGreaterThan(100)
  // How long a picture stands depends on the machine; how many of those sent are seen does not.
  expect((received.framesDecoded - clean.seen) / sent).toBeGreaterThan(0.9)
  expect(received.keyFrames).toBeLessThan(8)
  proxy.close()
  feed.close()
})

test('a publisher that vanishes is removed within 30 s', async () => {
  const doomed = await launchChromium()
  const page = await doomed.newPage()
  await page.publish({
    url: server.address(2, 'ghost', 'whip'),
    userSig: testUserSig('ghost'),
    codec: 'vp8',
    widthPx: 160,
    heightPx: 90,
    color: '#fff',
  })
  const isThere = async (): Promise<boolean> =>
    (await server.supervisor.calls.list()).some(({ participants }) => participants.some(({ userId }) => userId === 'ghost'))
  await vi.waitFor(async () => expect(await isThere()).toBe(true), { timeout: 5_000 })
  process.kill(doomed.pid, 'SIGKILL')
  await vi.waitFor(async () => expect(await isThere()).toBe(false), { timeout: 30_000, interval: 200 })
  await doomed.close()
})
