// From a publisher's picture to its packet at an RTMP server, told by a time code in the picture.
import { timeCodeAgeMs, timeCodeArea } from '../src/demo/time-code.ts'
import { ArrivingPictures } from './arriving-pictures.ts'
import type { Figure } from './figure.ts'
import { joinSynthetic, pause, startRequest, until, withLiveSystem } from './live-mix.ts'
import { isMedia, RtmpSink } from './rtmp-sink.ts'
import { tiles } from './scene.ts'

const SECONDS = 20
const SETTLE_MS = 5000

export const pictureLatency: Figure = {
  name: 'latency',
  title: "Publisher's picture to RTMP server",
  method: `A synthetic participant paints the instant of each 720p15 picture into it as a row of black and white cells, encodes it and publishes by WHIP; every picture of the mix that reaches an RTMP server on the same machine in ${SECONDS} s is decoded and its age taken at arrival. Encoding at the publisher, the wait for the next tick, encoding of the mix and sending are all in it; a network is not.`,
  async measure() {
    const ages: number[] = []
    let unreadable = 0
    await withLiveSystem(async (system) => {
      const participants = await joinSynthetic(system, 2, { widthPx: 1280, heightPx: 720, bitRateKbps: 1200 })
      const sink = await RtmpSink.listen()
      const pictures = new ArrivingPictures()
      // The middle 640 pixels of a 1280 x 720 picture, unscaled, in the left half of the canvas.
      const painted = timeCodeArea(1280, 720)
      const area = { ...painted, xPx: painted.xPx - 320 }
      let isMeasuring = false
      sink.onArrival = (arrival) => {
        if (arrival.kind !== 'video') return
        const luma = pictures.decode(arrival)
        if (luma === null || !isMedia(arrival) || !isMeasuring) return
        const age = timeCodeAgeMs(luma.samples, luma.strideBytes, area, performance.timeOrigin + arrival.at)
        if (age === null) unreadable++
        else ages.push(age)
      }
      const { TaskId } = await system.client.call('StartPublishCdnStream', startRequest(system, tiles(2), sink.url))
      await pause(SETTLE_MS)
      isMeasuring = true
      await pause(SECONDS * 1000)
      isMeasuring = false
      await system.client.call('StopPublishCdnStream', { SdkAppId: system.sdkAppId, TaskId })
      await until(() => system.server.worker.enginePid(TaskId) === null, 'The end of the task')
      pictures.close()
      await participants.close()
      await sink.close()
    })
    return [
      { what: "publisher's picture to RTMP server", unit: 'ms', values: ages, goal: { statistic: 'p95', atMost: 600 } },
      { what: 'pictures whose time code could not be read', unit: 'pictures', values: [unreadable], goal: null },
    ]
  },
}
