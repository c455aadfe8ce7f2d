// CPU of the rooms process for each RTP packet it receives, without and with an engine that takes them all.
import { join } from 'node:path'
import type { RoomsStats } from '../src/rooms/ipc.ts'
import { FeedClient } from '../src/engine/sources/feed-client.ts'
import { ROOM_ID, type LiveSystem } from '../test/support/live-system.ts'
import type { Figure } from './figure.ts'
import { inputs } from './inputs.ts'
import { pause, until, userOf, withLiveSystem } from './live-mix.ts'
import { startPublishers } from './publishers.ts'

const PUBLISHERS = 12
const LEAST_PACKETS_PER_SEC = 2000
const SECONDS = 8
const SETTLE_MS = 3000
const INPUT_SECONDS = 40

export const roomsCost: Figure = {
  name: 'rooms',
  title: 'Rooms: CPU per packet',
  method: `${PUBLISHERS} native WebRTC publishers (libdatachannel) in another process send 720p15 H.264 and Opus, at least ${LEAST_PACKETS_PER_SEC} packets a second together. User and system time of the rooms process over ${SECONDS} s by the packets it received meanwhile: DTLS-SRTP, repair, reports and all else included; first with nobody listening, then with every packet forwarded to an engine's feed socket. In turn.`,
  async measure({ runs }) {
    const alone: number[] = []
    const withFeed: number[] = []
    const rates: number[] = []
    await withLiveSystem(async (system) => {
      const publishers = await startPublishers(
        inputs(PUBLISHERS, '720p', INPUT_SECONDS).map((file, index) => ({
          whipUrl: system.whipUrl(userOf(index)),
          userSig: system.userSig(userOf(index)),
          file,
          seconds: INPUT_SECONDS,
        })),
      )
      for (let run = 0; run < runs; run++) {
        await pause(SETTLE_MS)
        alone.push((await passBy(system, rates)).perPacketUs)
        let tracks = 0
        const feed = takeAll(system, () => tracks++)
        await until(() => tracks === 2 * PUBLISHERS, 'The tracks of all publishers')
        await pause(SETTLE_MS)
        const { perPacketUs, forwarded } = await passBy(system, rates)
        if (forwarded < 0.95) throw new Error(`The feed got only ${forwarded} of all packets.`)
        withFeed.push(perPacketUs)
        feed.close()
      }
      await publishers.close()
    })
    const slowest = Math.min(...rates)
    if (slowest < LEAST_PACKETS_PER_SEC) throw new Error(`The load was only ${slowest} packets a second.`)
    return [
      { what: 'rooms: CPU per received packet', unit: 'µs', values: alone, goal: { statistic: 'median', atMost: 25 } },
      { what: 'rooms: the same, all forwarded to an engine', unit: 'µs', values: withFeed, goal: { statistic: 'median', atMost: 25 } },
      { what: 'rooms: load', unit: 'packets/s', values: rates, goal: null },
    ]
  },
}

async function passBy(system: LiveSystem, rates: number[]): Promise<{ perPacketUs: number; forwarded: number }> {
  const { calls } = system.server.rooms
  const [before, startedAt] = [await calls.stats(), performance.now()]
  await pause(SECONDS * 1000)
  const [after, endedAt] = [await calls.stats(), performance.now()]
  const grown = (name: keyof RoomsStats): number => after[name] - before[name]
  rates.push((grown('packetsReceived') * 1000) / (endedAt - startedAt))
  return { perPacketUs: (grown('cpuSec') * 1e6) / grown('packetsReceived'), forwarded: grown('packetsToFeeds') / grown('packetsReceived') }
}

/** Enters as a robot and subscribes to every track, without decoding any. */
function takeAll(system: LiveSystem, subscribed: () => void): FeedClient {
  const feed: FeedClient = new FeedClient({
    address: join(system.server.config.dataDir, 'feed.sock'),
    taskId: 'bench',
    robot: { room: { appId: system.sdkAppId, kind: 'number', name: ROOM_ID }, userId: 'bench_robot' },
    userSig: system.userSig('bench_robot'),
    handler: {
      message: (message) => {
        if (message.type !== 'track-added') return
        feed.subscribe(message.trackId)
        subscribed()
      },
      media: () => {},
      lost: () => {},
      removed: () => {},
    },
  })
  return feed
}
