// Feeds a clip to a hub at the pace of real time, over and over with rising timestamps, and keeps what outputs report.
import type { EncodedPacket } from '../../src/engine/media.ts'
import type { OutputState, OutputStatus } from '../../src/engine/ipc.ts'
import { OutputHub } from '../../src/engine/outputs/output-hub.ts'
import type { OutputTiming } from '../../src/engine/outputs/rtmp-output.ts'
import type { TestClip } from './test-clip.ts'

const STEP_MS = 20

export interface LiveFeed {
  readonly hub: OutputHub
  readonly statuses: OutputStatus[]
  /** Packets given to the hub so far. */
  readonly sent: readonly EncodedPacket[]
  readonly statesOf: (url: string) => OutputState[]
  /** Stops feeding, closes the hub. */
  close(): Promise<void>
}

export interface LiveFeedOptions {
  readonly clip: TestClip
  readonly clipMs: number
  readonly urls: readonly string[]
  readonly timing?: Partial<OutputTiming>
  readonly ca?: string
}

export function startLiveFeed({ clip, clipMs, urls, timing, ca }: LiveFeedOptions): LiveFeed {
  const statuses: OutputStatus[] = []
  const sent: EncodedPacket[] = []
  const hub = new OutputHub({
    onStatus: (status) => statuses.push(status),
    now: Date.now,
    random: () => 0.5,
    ...(timing === undefined ? {} : { timing }),
    ...(ca === undefined ? {} : { tls: { ca } }),
  })
  hub.configure(clip.video, clip.audio)
  hub.setOutputs(urls.map((url) => ({ url, billing: 'third-party-cdn' })))
  const startedAt = performance.now()
  let next = 0
  const feed = setInterval(() => {
    for (;;) {
      const round = Math.floor(next / clip.packets.length)
      const packet = clip.packets[next % clip.packets.length]
      if (packet === undefined || packet.timestampMs + round * clipMs > performance.now() - startedAt) return
      const looped = { ...packet, timestampMs: packet.timestampMs + round * clipMs }
      next += 1
      sent.push(looped)
      hub.send(looped)
    }
  }, STEP_MS)
  return {
    hub,
    statuses,
    sent,
    statesOf: (url) => statuses.filter((status) => status.url === url).map((status) => status.state),
    async close() {
      clearInterval(feed)
      await hub.close()
    },
  }
}
