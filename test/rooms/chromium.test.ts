import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { launchChromium, type RtcBrowser } from '../support/chromium.ts'
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

const address = (room: number, userId: string, protocol: 'whip' | 'whep'): string => server.address(room, userId, protocol)

test.each(['h264', 'vp8'] as const)('%s published by WHIP plays by WHEP in the right size and colour', async (codec) => {
  const room = codec === 'h264' ? 1 : 2
  const publisher = await browser.newPage()
  await publisher.publish({
    url: address(room, 'alice', 'whip'),
    userSig: testUserSig('alice'),
    codec,
    widthPx: 640,
    heightPx: 360,
    color: '#c02040',
    toneHz: 660,
  })
  const viewer = await browser.newPage()
  await viewer.play({ url: address(room, 'alice', 'whep'), userSig: testUserSig('bob') })
  const first = await vi.waitFor(
    async () => {
      const { received } = await viewer.stats()
      expect(received?.framesDecoded).toBeGreaterThan(10)
      const { hz, db } = await viewer.tone()
      expect(Math.abs(hz - 660)).toBeLessThan(10)
      expect(db).toBeGreaterThan(-40)
      return received!
    },
    { timeout: 10_000, interval: 100 },
  )
  expect(first).toMatchObject({ widthPx: 640, heightPx: 360, codec: `video/${codec.toUpperCase()}` })
  await vi.waitFor(async () => expect((await viewer.stats()).received?.framesDecoded).toBeGreaterThan(first.framesDecoded + 30), {
    timeout: 5_000,
    interval: 100,
  })
  const color = await viewer.color()
  for (const [index, expected] of [0xc0, 0x20, 0x40].entries()) expect(Math.abs(color[index]! - expected)).toBeLessThan(40)
  await Promise.all([publisher.close(), viewer.close()])
})

test('the bit rate of a publisher reaches 1.5 Mbps within 10 s', async () => {
  const publisher = await browser.newPage()
  await publisher.publish({ url: address(3, 'alice', 'whip'), userSig: testUserSig('alice'), codec: 'vp8', widthPx: 640, heightPx: 360 })
  await vi.waitFor(
    async () => {
      const [room] = (await server.supervisor.calls.list()).filter(({ room }) => room.name === '3')
      expect(room?.participants[0]?.tracks.find(({ kind }) => kind === 'camera')?.bitRateKbps).toBeGreaterThan(1_500)
    },
    { timeout: 10_000, interval: 100 },
  )
  await publisher.close()
})

test('publishing again replaces the earlier session and what viewers see', async () => {
  const first = await browser.newPage()
  const options = { url: address(4, 'alice', 'whip'), userSig: testUserSig('alice'), codec: 'vp8', widthPx: 320, heightPx: 180 } as const
  await first.publish({ ...options, color: '#e00000' })
  const viewer = await browser.newPage()
  await viewer.play({ url: address(4, 'alice', 'whep'), userSig: testUserSig('bob') })
  await vi.waitFor(async () => expect((await viewer.color())[0]).toBeGreaterThan(180), { timeout: 10_000, interval: 100 })
  const second = await browser.newPage()
  await second.publish({ ...options, codec: 'h264', color: '#0000e0' })
  await vi.waitFor(
    async () => {
      const [red, , blue] = await viewer.color()
      expect(red).toBeLessThan(60)
      expect(blue).toBeGreaterThan(180)
    },
    { timeout: 10_000, interval: 100 },
  )
  const stats = await server.supervisor.calls.stats()
  expect(stats.publishers).toBe(1)
  await Promise.all([first.close(), second.close(), viewer.close()])
  await vi.waitFor(async () => expect(await server.supervisor.calls.stats()).toMatchObject({ publishers: 0, subscribers: 0 }), {
    timeout: 30_000,
    interval: 200,
  })
  expect(await server.supervisor.calls.list()).toEqual([])
})

test('a viewer who came first sees the publisher when it comes', async () => {
  const viewer = await browser.newPage()
  await viewer.play({ url: address(5, 'alice', 'whep'), userSig: testUserSig('bob') })
  const publisher = await browser.newPage()
  await publisher.publish({
    url: address(5, 'alice', 'whip'),
    userSig: testUserSig('alice'),
    codec: 'h264',
    widthPx: 320,
    heightPx: 180,
    color: '#00e000',
  })
  await vi.waitFor(async () => expect((await viewer.stats()).received?.framesDecoded).toBeGreaterThan(10), {
    timeout: 10_000,
    interval: 100,
  })
  await Promise.all([publisher.close(), viewer.close()])
})
