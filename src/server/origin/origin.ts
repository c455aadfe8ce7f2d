// The embedded RTMP origin for trying out: takes streams in by RTMP, gives them out by RTMP and as FLV.
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import context from 'node-media-server/src/core/context.js'
import quietLogger from 'node-media-server/src/core/logger.js'
import Broadcast from 'node-media-server/src/server/broadcast_server.js'
import RtmpServer from 'node-media-server/src/server/rtmp_server.js'
import type { Logger } from '../../log.ts'
import { flvPlayer } from './flv-player.ts'

export interface Origin {
  readonly rtmpPort: number
  /** Where this machine pushes and pulls a stream. */
  rtmpUrl(key: string): string
  /** The key of a push address of this origin; `null`: the address is another server's. */
  keyOf(url: string): string | null
  /**
   * A stream as FLV from its last key frame on; without a publisher it waits for one. A reader
   * that falls more than 8 MB behind is let go.
   */
  play(key: string): ReadableStream<Uint8Array>
  close(): Promise<void>
}

export interface OriginSettings {
  readonly bindAddress: string
  /** 0 picks a free one. */
  readonly rtmpPort: number
  readonly log: Logger
}

const app = 'live'

/**
 * Starts the origin; one per process, since node-media-server keeps its streams in a global.
 * Rejects when the port cannot be taken.
 */
export async function startOrigin({ bindAddress, rtmpPort, log }: OriginSettings): Promise<Origin> {
  // Its messages carry stream keys.
  quietLogger.log = () => {}
  // A port that is not 0 makes it create its server; listening is ours, for it ends the process on errors.
  context.config = { bind: bindAddress, rtmp: { port: 1 } }
  const server = new RtmpServer()
  const listener = server.tcpServer
  if (listener === undefined) throw new Error('node-media-server made no RTMP server.')
  listener.listen(rtmpPort, bindAddress)
  await once(listener, 'listening')
  listener.on('error', (error) => log.error({ err: error }, 'the origin has trouble'))
  context.eventEmitter.on('prePublish', forgetPredecessor)
  const port = (listener.address() as AddressInfo).port
  log.info({ rtmpPort: port }, 'the origin takes RTMP')

  let closed: Promise<void> | null = null
  return {
    rtmpPort: port,
    rtmpUrl: (key) => `rtmp://127.0.0.1:${port}/${app}/${key}`,
    keyOf: (url) => keyOf(url, port),
    play(key) {
      const path = `/${app}/${key}`
      const broadcast = context.broadcasts.get(path) ?? new Broadcast(path)
      context.broadcasts.set(path, broadcast)
      return flvPlayer(broadcast)
    },
    close() {
      closed ??= new Promise((resolve) => {
        context.eventEmitter.off('prePublish', forgetPredecessor)
        listener.once('close', () => resolve())
        server.stop()
      })
      return closed
    },
  }
}

/**
 * A publisher that comes back is a new one: within its grace time node-media-server would shift the
 * newcomer's timestamps past the last ones, but a task's timestamps continue by themselves.
 */
function forgetPredecessor(session: { broadcast?: Broadcast }): void {
  if (session.broadcast !== undefined) session.broadcast.publishGraceMs = 0
}

const ownHosts: readonly string[] = ['127.0.0.1', 'localhost', '[::1]']

function keyOf(url: string, port: number): string | null {
  const { protocol, hostname, port: urlPort, pathname } = URL.parse(url) ?? {}
  const [, urlApp, key, ...rest] = pathname?.split('/') ?? []
  const isOurs = protocol === 'rtmp:' && ownHosts.includes(hostname ?? '') && Number(urlPort || 1935) === port && urlApp === app
  return isOurs && key !== undefined && rest.length === 0 ? key : null
}
