// An HTTP server for pictures that users' URLs name; Debian's FFmpeg paints them.
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface PictureServer {
  url(path: string): string
  /** Paths asked for, in order. */
  readonly requests: readonly string[]
  close(): Promise<void>
}

/** Paints one picture of a lavfi graph. */
export function paint(graph: string, format: 'png' | 'jpeg'): Buffer {
  const codec = format === 'png' ? ['-c:v', 'png'] : ['-c:v', 'mjpeg', '-q:v', '2']
  return execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', graph, '-frames:v', '1', ...codec, '-f', 'image2pipe', '-'])
}

/** Serves `pictures` by path; other paths are not found. */
export async function startPictureServer(pictures: Readonly<Record<string, Buffer>>): Promise<PictureServer> {
  const requests: string[] = []
  const server = createServer(({ url: path = '' }, response) => {
    requests.push(path)
    const picture = pictures[path]
    if (picture === undefined) response.writeHead(404).end('not found')
    else response.writeHead(200, { 'content-type': path.endsWith('.png') ? 'image/png' : 'image/jpeg' }).end(picture)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: (path) => `http://127.0.0.1:${port}${path}`,
    requests,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
