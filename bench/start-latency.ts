// From the API's accepted start to the first media packet at an RTMP server, with a warm engine.
import type { Figure } from './figure.ts'
import { joinSynthetic, startRequest, until, withLiveSystem } from './live-mix.ts'
import { childPids, cpuSecOf } from './process-cost.ts'
import { RtmpSink } from './rtmp-sink.ts'
import { tiles } from './scene.ts'

const STARTS = 20
/** A spare that uses less CPU than this between two looks is warm. */
const QUIET_SEC = 0.02
const LOOK_MS = 500

export const startLatency: Figure = {
  name: 'start',
  title: 'Start to first packet',
  method: `${STARTS} starts of a mix of two 720p participants one after the other, each stopped before the next, each with the spare engine warm. Until the first picture or sound has arrived at an RTMP server on the same machine, from the call's beginning and from its answer.`,
  async measure() {
    const sinceCall: number[] = []
    const sinceAnswer: number[] = []
    await withLiveSystem(async (system) => {
      const participants = await joinSynthetic(system, 2, { widthPx: 1280, heightPx: 720, bitRateKbps: 1200 })
      const sink = await RtmpSink.listen()
      for (let start = 0; start < STARTS; start++) {
        await untilSpareIsWarm()
        const first = sink.nextMedia()
        const calledAt = performance.now()
        const { TaskId } = await system.client.call('StartPublishCdnStream', startRequest(system, tiles(2), sink.url))
        const answeredAt = performance.now()
        const { at } = await first
        sinceCall.push(at - calledAt)
        sinceAnswer.push(at - answeredAt)
        await system.client.call('StopPublishCdnStream', { SdkAppId: system.sdkAppId, TaskId })
        await until(() => system.server.worker.enginePid(TaskId) === null, 'The end of the task')
      }
      await participants.close()
      await sink.close()
    })
    return [
      { what: 'start: from the call, median', unit: 'ms', values: sinceCall, goal: { statistic: 'median', atMost: 300 } },
      { what: 'start: from the call, p95', unit: 'ms', values: sinceCall, goal: { statistic: 'p95', atMost: 1000 } },
      { what: 'start: from the answer', unit: 'ms', values: sinceAnswer, goal: null },
    ]
  },
}

/** The one engine that is left waits for a job and does nothing. */
async function untilSpareIsWarm(): Promise<void> {
  let before = Number.NaN
  let lookedAt = 0
  await until(() => {
    if (performance.now() - lookedAt < LOOK_MS) return false
    lookedAt = performance.now()
    const [pid, ...others] = childPids('engine')
    const cpuSec = pid === undefined || others.length > 0 ? Number.NaN : cpuSecOf(pid)
    const isQuiet = cpuSec - before < QUIET_SEC
    before = cpuSec
    return isQuiet
  }, 'A warm spare')
}
