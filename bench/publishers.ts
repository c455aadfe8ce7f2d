// A process that publishes input files by real WHIP, as fast as they play and again from the start at their end:
// load without the cost of cameras and encoders. Forked by `startPublishers`, which is in the same file.
import { fileURLToPath } from 'node:url'
import { framePayloads } from '../src/demo/payloads.ts'
import { WhipSession } from '../src/demo/whip-session.ts'
import { forkChild, serveParent, type Child } from '../src/supervise/child-process.ts'
import { inputPackets, type InputPacket } from './input-file.ts'

export interface PublisherSettings {
  readonly whipUrl: string
  readonly userSig: string
  readonly file: string
  readonly seconds: number
}

export interface PublishersCalls {
  /** Resolves when all are connected and send. */
  start(publishers: readonly PublisherSettings[]): Promise<void>
}

const COMMAND = 'bench-publishers'
const REPORT_MS = 1000

/** A process whose publishers play until it is closed. */
export async function startPublishers(publishers: readonly PublisherSettings[]): Promise<Child<PublishersCalls>> {
  const child = forkChild<PublishersCalls, object>(COMMAND, {}, {}, fileURLToPath(import.meta.url))
  await child.calls.start(publishers)
  return child
}

async function publish({ whipUrl, userSig, file, seconds }: PublisherSettings): Promise<void> {
  const packets = [...inputPackets(file)]
  const connected = Promise.withResolvers<void>()
  const session = await WhipSession.open(
    {
      whipUrl,
      userSig,
      codec: 'h264',
      onConnected: connected.resolve,
      // The files have a key frame every two seconds; nobody waits longer.
      onKeyFrameRequest: () => {},
      onFeedback: () => {},
      onEnded: () => {},
    },
    AbortSignal.timeout(10_000),
  )
  await connected.promise
  play(session, packets, seconds * 1000)
}

function play(session: WhipSession, packets: readonly InputPacket[], lengthMs: number): void {
  const beganAt = performance.now()
  let [next, loops, reportedAt] = [0, 0, -Infinity]
  const dueMs = (): number => loops * lengthMs + (packets[next]?.ptsMs ?? 0)
  const step = (): void => {
    const elapsedMs = performance.now() - beganAt
    for (; dueMs() <= elapsedMs; next++) {
      const packet = packets[next]
      if (packet === undefined) {
        next = -1
        loops++
      } else if (packet.kind === 'video') session.video.sendFrame(framePayloads('h264', packet.data), dueMs(), true)
      else session.audio.sendFrame([packet.data], dueMs(), false)
    }
    if (elapsedMs - reportedAt >= REPORT_MS) {
      reportedAt = elapsedMs
      const unixMs = performance.timeOrigin + performance.now()
      for (const stream of [session.video, session.audio]) stream.sendReport(unixMs, elapsedMs)
    }
    setTimeout(step, Math.max(1, dueMs() - (performance.now() - beganAt)))
  }
  step()
}

if (process.argv[2] === COMMAND) {
  serveParent<PublishersCalls, object>({
    async start(publishers) {
      await Promise.all(publishers.map(publish))
    },
  })
}
