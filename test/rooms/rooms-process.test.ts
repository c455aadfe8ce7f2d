import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { launchChromium, type RtcBrowser } from '../support/chromium.ts'
import { startRoomsServer, testUserSig, type RoomsServer } from '../support/rooms-server.ts'
import { publishByFfmpeg } from '../support/whip-client.ts'

let server: RoomsServer
let browser: RtcBrowser

beforeAll(async () => {
  ;[server, browser] = await Promise.all([startRoomsServer(), launchChromium()])
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
})

test("FFmpeg's WHIP muxer publishes, Chromium plays it, and its end is noticed", async () => {
  const publisher = publishByFfmpeg({ url: server.address(1, 'ffmpeg', 'whip'), userSig: testUserSig('ffmpeg'), seconds: 6 })
  await vi.waitFor(async () => expect((await server.supervisor.calls.list())[0]?.participants[0]?.tracks).toHaveLength(2), {
    timeout: 15_000,
    interval: 100,
  })
  const viewer = await browser.newPage()
  await viewer.play({ url: server.address(1, 'ffmpeg', 'whep'), userSig: testUserSig('bob') })
  await vi.waitFor(
    async () => {
      const { received } = await viewer.stats()
      expect(received?.framesDecoded).toBeGreaterThan(30)
      expect(received).toMatchObject({ widthPx: 640, heightPx: 360 })
      expect(Math.abs((await viewer.tone()).hz - 660)).toBeLessThan(10)
    },
    { timeout: 8_000, interval: 100 },
  )
  await publisher
  // Its DELETE ends the session.
  await vi.waitFor(async () => expect(await server.supervisor.calls.list()).toEqual([]), { timeout: 3_000, interval: 50 })
  await viewer.close()
})

test('a killed rooms process is replaced, listeners are told, and publishing works again', async () => {
  const downs: number[] = []
  const joined: string[] = []
  const stop = server.supervisor.listen({
    down: () => downs.push(1),
    event: ({ type, userId }) => type === 'joined' && joined.push(userId),
  })
  const { pid } = server.supervisor
  process.kill(pid, 'SIGKILL')
  await vi.waitFor(() => expect(downs).toHaveLength(1), { timeout: 3_000, interval: 10 })
  const refused = await fetch(server.address(2, 'alice', 'whip'), {
    method: 'POST',
    headers: { authorization: `Bearer ${testUserSig('alice')}`, 'content-type': 'application/sdp' },
    body: 'v=0',
  })
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '2'])
  await vi.waitFor(() => expect(server.supervisor.isUp).toBe(true), { timeout: 5_000, interval: 20 })
  expect(server.supervisor.pid).not.toBe(pid)
  expect(server.supervisor.restarts).toBe(1)
  const page = await browser.newPage()
  await page.publish({
    url: server.address(2, 'alice', 'whip'),
    userSig: testUserSig('alice'),
    codec: 'vp8',
    widthPx: 160,
    heightPx: 90,
    color: '#fff',
  })
  await vi.waitFor(() => expect(joined).toEqual(['alice']), { timeout: 5_000, interval: 20 })
  await page.close()
  stop()
})

test('room events reach a listener over HTTP', async () => {
  const events = await fetch(`${server.url}/apps/1/rooms/3/events?userId=bob&userSig=${testUserSig('bob')}`)
  const reader = events.body!.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  const reading = (async () => {
    for (;;) {
      const { value, done } = await reader.read()
      if (done) return
      text += value
    }
  })()
  await vi.waitFor(() => expect(text).toContain('event: snapshot'), { timeout: 3_000 })
  const page = await browser.newPage()
  await page.publish({
    url: server.address(3, 'alice', 'whip', 'screen'),
    userSig: testUserSig('alice'),
    codec: 'vp8',
    widthPx: 160,
    heightPx: 90,
    color: '#fff',
    toneHz: 0,
  })
  await vi.waitFor(
    () => expect([...text.matchAll(/event: (\S+)/g)].map((match) => match[1])).toEqual(['snapshot', 'joined', 'track-added']),
    { timeout: 5_000, interval: 20 },
  )
  expect(text).toContain('"track":"screen"')
  await page.close()
  await vi.waitFor(
    () =>
      expect([...text.matchAll(/event: (\S+)/g)].map((match) => match[1])).toEqual([
        'snapshot',
        'joined',
        'track-added',
        'track-removed',
        'left',
      ]),
    { timeout: 5_000, interval: 20 },
  )
  await reader.cancel()
  await reading
})
