import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import sharp, { type Sharp } from 'sharp'
import { afterEach, expect, test } from 'vitest'
import { fetchPicture, type FetchPictureOptions } from './fetch-picture.ts'

type Handler = (request: IncomingMessage, response: ServerResponse) => void

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function serve(handler: Handler): Promise<{ url: string; port: number; asked: string[] }> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    handler(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, port, asked }
}

const local: FetchPictureOptions = { allowPrivateAddresses: true, pauseMs: () => 1 }
const guarded: FetchPictureOptions = { allowPrivateAddresses: false, pauseMs: () => 1 }

const solid = (width: number, height: number, background = { r: 200, g: 100, b: 50, alpha: 0.5 }): Sharp =>
  sharp({ create: { width, height, channels: 4, background } })

const messageOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'fetched',
    (error: Error) => error.message,
  )

test('fetches a PNG with its alpha', async () => {
  const png = await solid(6, 4).png().toBuffer()
  const { url } = await serve((_, response) => response.end(png))
  const picture = await fetchPicture(`${url}/a.png`, local)
  expect([picture.widthPx, picture.heightPx]).toEqual([6, 4])
  expect([...picture.rgba.subarray(0, 4)]).toEqual([200, 100, 50, 128])
  expect(picture.rgba.length).toBe(6 * 4 * 4)
})

test('fetches a JPEG under a wrong type and turns it upright', async () => {
  const jpeg = await solid(64, 32, { r: 255, g: 0, b: 0, alpha: 1 }).jpeg().withMetadata({ orientation: 6 }).toBuffer()
  const { url } = await serve((_, response) => response.setHeader('content-type', 'text/html').end(jpeg))
  const picture = await fetchPicture(url, local)
  expect([picture.widthPx, picture.heightPx]).toEqual([32, 64])
  expect(picture.rgba[0]).toBeGreaterThan(250)
  expect(picture.rgba[3]).toBe(255)
})

test('a greyscale 16-bit PNG becomes 8-bit RGBA', async () => {
  const png = await sharp(Buffer.alloc(8 * 8, 90), { raw: { width: 8, height: 8, channels: 1 } })
    .toColourspace('grey16')
    .png()
    .toBuffer()
  const { url } = await serve((_, response) => response.end(png))
  const picture = await fetchPicture(url, local)
  expect([...picture.rgba.subarray(0, 4)]).toEqual([90, 90, 90, 255])
})

test('follows redirects', async () => {
  const png = await solid(2, 2).png().toBuffer()
  const { url } = await serve((request, response) => {
    if (request.url === '/end') response.end(png)
    else response.writeHead(302, { location: '/end' }).end()
  })
  expect((await fetchPicture(`${url}/start`, local)).widthPx).toBe(2)
})

test('gives up endless redirects', async () => {
  const { url, asked } = await serve((_, response) => response.writeHead(302, { location: `/${asked.length}` }).end())
  expect(await messageOf(fetchPicture(url, local))).toContain('redirected more than 5 times')
  expect(asked.length).toBe(6)
})

test('tries again after a server error, three times at most', async () => {
  const png = await solid(2, 2).png().toBuffer()
  const recovering = await serve((_, response) => {
    if (recovering.asked.length < 4) response.writeHead(503).end()
    else response.end(png)
  })
  expect((await fetchPicture(recovering.url, local)).widthPx).toBe(2)
  const broken = await serve((_, response) => response.writeHead(500).end())
  expect(await messageOf(fetchPicture(broken.url, local))).toContain('the server answered 500')
  expect(broken.asked.length).toBe(4)
})

test('does not try again what will not change, and hides path and query', async () => {
  const { url, asked } = await serve((_, response) => response.writeHead(404).end())
  const message = await messageOf(fetchPicture(`${url}/secret-path?token=secret-token`, local))
  expect(message).toMatch(/^The picture at http:\/\/127\.0\.0\.1:\d+\/… cannot be used: the server answered 404\.$/)
  expect(message).not.toContain('secret')
  expect(asked.length).toBe(1)
})

test('stops a stream without a declared length at 5 MB', async () => {
  const chunk = Buffer.alloc(64 * 1024)
  let sentBytes = 0
  const { url, asked } = await serve((_, response) => {
    const send = (): void => {
      while (!response.destroyed && sentBytes < 64 * 1024 * 1024) {
        sentBytes += chunk.length
        if (!response.write(chunk)) {
          response.once('drain', send)
          return
        }
      }
    }
    send()
  })
  expect(await messageOf(fetchPicture(url, local))).toContain('5 MB large at most')
  expect(sentBytes).toBeLessThan(32 * 1024 * 1024)
  expect(asked.length).toBe(1)
})

test('refuses a declared length beyond 5 MB before it has come', async () => {
  const { url } = await serve((_, response) => {
    response.writeHead(200, { 'content-length': `${6 * 1024 * 1024}` })
    response.write(Buffer.alloc(1000))
  })
  expect(await messageOf(fetchPicture(url, local))).toContain('5 MB large at most')
})

test('an answer shorter than declared fails', async () => {
  const { url, asked } = await serve((_, response) => {
    response.writeHead(200, { 'content-length': '100000' })
    response.write(Buffer.alloc(1000), () => response.destroy())
  })
  expect(await messageOf(fetchPicture(url, local))).toContain('the connection failed')
  expect(asked.length).toBeGreaterThan(0)
})

test('does not unfold compressed answers', async () => {
  const { gzipSync } = await import('node:zlib')
  const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024))
  const { url } = await serve((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb))
  expect(await messageOf(fetchPicture(url, local))).toContain('must be a PNG or JPEG file')
})

test('gives a server that says nothing up', async () => {
  const { url, asked } = await serve(() => {})
  expect(await messageOf(fetchPicture(url, { ...local, attemptTimeoutMs: 50 }))).toContain('did not deliver it within 0.05 s')
  expect(asked.length).toBe(4)
})

test.each([
  ['text', Buffer.from('<html>no picture</html>'), 'must be a PNG or JPEG file'],
  ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'), 'must be a PNG or JPEG file'],
  ['nothing', Buffer.alloc(0), 'must be a PNG or JPEG file'],
  ['a PNG cut short', Buffer.from('89504e470d0a1a0a0000', 'hex'), 'is damaged'],
])('refuses %s', async (_, body, reason) => {
  const { url } = await serve((_request, response) => response.setHeader('content-type', 'image/png').end(body))
  expect(await messageOf(fetchPicture(url, local))).toContain(reason)
})

test.each([
  [2560, 1440, 'fetched'],
  [1440, 2560, 'fetched'],
  [2562, 10, 'got 2562 x 10'],
  [1442, 1442, 'got 1442 x 1442'],
  [6000, 3000, 'got 6000 x 3000'],
])('%i x %i pixels: %s', async (width, height, outcome) => {
  const png = await solid(width, height).png({ compressionLevel: 9 }).toBuffer()
  const { url } = await serve((_, response) => response.end(png))
  expect(await messageOf(fetchPicture(url, local))).toContain(outcome)
})

test.each([
  'http://127.0.0.1',
  'http://localhost',
  'http://2130706433',
  'http://0x7f.1',
  'http://0.0.0.0',
  'http://[::1]',
  'http://[::ffff:127.0.0.1]',
])('never asks %s', async (host) => {
  const { port, asked } = await serve((_, response) => response.end())
  expect(await messageOf(fetchPicture(`${host}:${port}/`, guarded))).toContain('its address is not a public one')
  expect(asked).toEqual([])
})

test.each([
  'http://10.0.0.1/',
  'http://192.168.1.1/',
  'http://169.254.169.254/latest/meta-data',
  'http://100.64.0.1/',
  'http://[fe80::1]/',
  'http://[fd00::1]/',
])('refuses %s at once', async (url) => {
  expect(await messageOf(fetchPicture(url, guarded))).toContain('its address is not a public one')
})

test.each([
  ['ftp://example.com/a.png', 'http or https'],
  ['file:///etc/passwd', 'http or https'],
  ['no url', 'http or https'],
  ["http://example.com/it's.png", 'character that is not allowed'],
  ['http://example.com/$.png', 'character that is not allowed'],
])('refuses %s', async (url, reason) => {
  expect(await messageOf(fetchPicture(url, guarded))).toContain(reason)
})

test('a fetch can be called off', async () => {
  const abort = new AbortController()
  const { url } = await serve(() => abort.abort(new Error('called off')))
  expect(await messageOf(fetchPicture(url, { ...local, signal: abort.signal }))).toBe('called off')
})
