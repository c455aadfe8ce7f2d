// From an update of a running mix to the first packet that shows it.
import { ArrivingPictures } from './arriving-pictures.ts'
import type { Figure } from './figure.ts'
import { joinSynthetic, pause, startRequest, until, videoParams, withLiveSystem } from './live-mix.ts'
import { isMedia, RtmpSink } from './rtmp-sink.ts'
import { encode, tiles } from './scene.ts'

const UPDATES = 20
/** Time between two updates: not a multiple of a picture's, so that they fall anywhere between two ticks. */
const APART_MS = 409
const COLORS = ['0x0000FF', '0x00FF00'] as const
/** Between the luma of the two colours, 32 and 173. */
const BRIGHT = 100

export const updateLatency: Figure = {
  name: 'update',
  title: 'Update to first changed picture',
  method: `${UPDATES} updates of the canvas colour of a running 720p15 mix, every second one of the layout as well. From sending the call until the first picture that shows the change has arrived at an RTMP server on the same machine; every picture is decoded and one point of the bare canvas looked at. Pictures lost are gaps in the timestamps.`,
  async measure() {
    const latencies: number[] = []
    let lost = 0
    await withLiveSystem(async (system) => {
      const participants = await joinSynthetic(system, 1, { widthPx: 1280, heightPx: 720, bitRateKbps: 1200 })
      const sink = await RtmpSink.listen()
      const pictures = new ArrivingPictures()
      let [isBright, changedAt, lastMs, count] = [false, 0, Number.NaN, 0]
      sink.onArrival = (arrival) => {
        if (arrival.kind !== 'video') return
        const luma = pictures.decode(arrival)
        if (luma === null || !isMedia(arrival)) return
        count++
        lost += Number.isNaN(lastMs) ? 0 : Math.round(((arrival.timestampMs - lastMs) * encode.fps) / 1000) - 1
        lastMs = arrival.timestampMs
        const isBrightNow = (luma.samples[360 * luma.strideBytes + 1200] ?? 0) > BRIGHT
        if (isBrightNow !== isBright) changedAt = arrival.at
        isBright = isBrightNow
      }
      const [left = { xPx: 0, yPx: 0, widthPx: 640, heightPx: 720 }] = tiles(2)
      const { TaskId } = await system.client.call('StartPublishCdnStream', startRequest(system, [left], sink.url, COLORS[0]))
      await until(() => count > 2 * encode.fps, 'Two seconds of pictures')
      for (let update = 0; update < UPDATES; update++) {
        const tile = update % 4 < 2 ? left : { ...left, xPx: 320 }
        const color = COLORS[(update + 1) % 2] ?? COLORS[0]
        const sentAt = performance.now()
        await system.client.call('UpdatePublishCdnStream', {
          SdkAppId: system.sdkAppId,
          TaskId,
          SequenceNumber: update + 1,
          WithTranscoding: 1,
          VideoParams: videoParams([tile], color),
        })
        await until(() => changedAt > sentAt, 'The changed picture')
        latencies.push(changedAt - sentAt)
        await pause(APART_MS)
      }
      await system.client.call('StopPublishCdnStream', { SdkAppId: system.sdkAppId, TaskId })
      await until(() => system.server.worker.enginePid(TaskId) === null, 'The end of the task')
      pictures.close()
      await participants.close()
      await sink.close()
    })
    return [
      { what: 'update: call to first changed picture', unit: 'ms', values: latencies, goal: { statistic: 'p95', atMost: 200 } },
      { what: 'update: pictures lost', unit: 'pictures', values: [lost], goal: { statistic: 'median', atMost: 0 } },
    ]
  },
}
