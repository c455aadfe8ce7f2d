// CPU and memory of a running mix, against the ffmpeg command line doing the same in real time.
import { startNginxRtmp } from '../test/support/nginx-rtmp.ts'
import { ffmpegMixArgs } from './ffmpeg-mix.ts'
import type { Figure } from './figure.ts'
import { inputs } from './inputs.ts'
import { pause, startRequest, until, userOf, withLiveSystem } from './live-mix.ts'
import { childPids, costSec, cpuSecOf, pssMb } from './process-cost.ts'
import { startPublishers } from './publishers.ts'
import { tiles } from './scene.ts'

const COUNT = 4
/** From the start of the task to the measurement, and its length: memory is read at their end. */
const SETTLE_MS = 8000
const SECONDS = 20
const INPUT_SECONDS = 40

export const liveCost: Figure = {
  name: 'live',
  title: 'A running mix: CPU and memory',
  method: `Four publishers send 720p15 files by WHIP; the engine mixes them to 720p15 and pushes to nginx-rtmp on the same machine. CPU of engine and rooms process over ${SECONDS} s, then their PSS; then, the task stopped and the publishers still sending, the ffmpeg command line with the same mix from the files at their own pace (-re), its start left in. In turn.`,
  async measure({ runs }) {
    const [engine, rooms, ffmpeg, ratio]: [number[], number[], number[], number[]] = [[], [], [], []]
    const [engineMb, spareMb, roomsMb]: [number[], number[], number[]] = [[], [], []]
    const nginx = await startNginxRtmp()
    const measuring = withLiveSystem(async (system) => {
      const publishers = await startPublishers(
        inputs(COUNT, '720p', INPUT_SECONDS).map((file, index) => ({
          whipUrl: system.whipUrl(userOf(index)),
          userSig: system.userSig(userOf(index)),
          file,
          seconds: INPUT_SECONDS,
        })),
      )
      for (let run = 0; run < runs; run++) {
        const { TaskId } = await system.client.call('StartPublishCdnStream', startRequest(system, tiles(COUNT), nginx.url(`mix-${run}`)))
        await pause(SETTLE_MS)
        const pid = system.server.worker.enginePid(TaskId)
        if (pid === null) throw new Error('The task has no engine.')
        const roomsPid = system.server.rooms.pid
        const [engineBefore, roomsBefore, before] = [cpuSecOf(pid), cpuSecOf(roomsPid), performance.now()]
        await pause(SECONDS * 1000)
        const percent = (cpuSec: number): number => (cpuSec * 100_000) / (performance.now() - before)
        engine.push(percent(cpuSecOf(pid) - engineBefore))
        rooms.push(percent(cpuSecOf(roomsPid) - roomsBefore))
        engineMb.push(pssMb(pid))
        roomsMb.push(pssMb(roomsPid))
        spareMb.push(...childPids('engine').flatMap((other) => (other === pid ? [] : [pssMb(other)])))
        await system.client.call('StopPublishCdnStream', { SdkAppId: system.sdkAppId, TaskId })
        await until(() => system.server.worker.enginePid(TaskId) === null, 'The end of the task')
        const ffmpegSec = await costSec('ffmpeg', ffmpegMixArgs({ count: COUNT, size: '720p' }, INPUT_SECONDS, SECONDS))
        ffmpeg.push((ffmpegSec * 100) / SECONDS)
        ratio.push((engine[run] ?? Number.NaN) / (ffmpeg[run] ?? Number.NaN))
      }
      await publishers.close()
    })
    await measuring.finally(() => void nginx.stop())
    const name = `live mix of ${COUNT} x 720p15`
    return [
      { what: `${name}: engine against ffmpeg -re`, unit: 'ratio', values: ratio, goal: null },
      { what: `${name}: engine`, unit: '% of a core', values: engine, goal: null },
      { what: `${name}: ffmpeg -re`, unit: '% of a core', values: ffmpeg, goal: null },
      { what: `${name}: rooms`, unit: '% of a core', values: rooms, goal: null },
      { what: `${name}: engine memory`, unit: 'MB PSS', values: engineMb, goal: { statistic: 'median', atMost: 200 } },
      { what: 'warm spare: memory', unit: 'MB PSS', values: spareMb, goal: { statistic: 'median', atMost: 70 } },
      { what: `${name}: rooms memory`, unit: 'MB PSS', values: roomsMb, goal: null },
    ]
  },
}
