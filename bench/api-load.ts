// The API under 200 requests a second, beside a mix that must not notice.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { percentile, type Figure } from './figure.ts'
import { joinSynthetic, pause, startRequest, withLiveSystem } from './live-mix.ts'
import { RtmpSink } from './rtmp-sink.ts'
import { encode, tiles } from './scene.ts'

const RATE_PER_SEC = 200
const SECONDS = 60
const SETTLE_MS = 5000
const client = fileURLToPath(new URL('api-load-client.ts', import.meta.url))

interface Seen {
  readonly latenciesMs: readonly number[]
  readonly unexpected: Readonly<Record<string, number>>
}

export const apiLoad: Figure = {
  name: 'api',
  title: 'The API under load',
  method: `${RATE_PER_SEC} signed requests a second for ${SECONDS} s from a process of their own, limits raised by \`rateLimitFactor\`, while two publishers are mixed: one in ten is an Update of that mix, the rest are Stops of unknown tasks and Starts that are checked whole and refused by their UserSig. A request's time counts from the moment it was due. A lost frame is a gap in the timestamps of what arrives at the RTMP server.`,
  async measure({ runs }) {
    const [p50, p99, lost, refused]: [number[], number[], number[], number[]] = [[], [], [], []]
    for (let run = 0; run < runs; run++) {
      const { latenciesMs, unexpected, lostFrames } = await underLoad()
      p50.push(percentile(latenciesMs, 0.5))
      p99.push(percentile(latenciesMs, 0.99))
      lost.push(lostFrames)
      refused.push(Object.values(unexpected).reduce((sum, count) => sum + count, 0))
    }
    const name = `${RATE_PER_SEC} requests a second`
    return [
      { what: `${name}: 99th percentile`, unit: 'ms', values: p99, goal: { statistic: 'p95', atMost: 50 } },
      { what: `${name}: median`, unit: 'ms', values: p50, goal: null },
      { what: `${name}: frames lost by the mix`, unit: 'frames', values: lost, goal: { statistic: 'p95', atMost: 0 } },
      { what: `${name}: answers other than expected`, unit: 'answers', values: refused, goal: { statistic: 'p95', atMost: 0 } },
    ]
  },
}

const underLoad = (): Promise<Seen & { lostFrames: number }> =>
  withLiveSystem(
    async (system) => {
      const publishers = await joinSynthetic(system, 2, { widthPx: 640, heightPx: 360, bitRateKbps: 600 })
      const sink = await RtmpSink.listen()
      const { TaskId } = await system.client.call('StartPublishCdnStream', startRequest(system, tiles(2), sink.url))
      await pause(SETTLE_MS)
      const timestampsMs: number[] = []
      sink.onArrival = ({ kind, timestampMs }) => void (kind === 'video' && timestampsMs.push(timestampMs))
      const { secretId, secretKey } = system.server.credentials
      const flags = { endpoint: system.server.httpUrl, 'secret-id': secretId, 'sdk-app-id': system.sdkAppId, task: TaskId }
      const load = Object.entries({ ...flags, rate: RATE_PER_SEC, seconds: SECONDS })
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [client, ...load.flatMap(([name, value]) => [`--${name}`, String(value)])],
        {
          env: { ...process.env, TRIBUTARY_SECRET_KEY: secretKey },
          maxBuffer: 64 << 20,
        },
      )
      await publishers.close()
      await sink.close()
      return { ...(JSON.parse(stdout) as Seen), lostFrames: framesMissing(timestampsMs) }
    },
    { rateLimitFactor: 100 },
  )

/** Frames that the timestamps leave room for and that are not there. */
function framesMissing(timestampsMs: readonly number[]): number {
  const frameMs = 1000 / encode.fps
  return timestampsMs.slice(1).reduce((sum, at, index) => sum + Math.round((at - (timestampsMs[index] ?? at)) / frameMs) - 1, 0)
}
