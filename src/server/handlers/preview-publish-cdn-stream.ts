// PreviewPublishCdnStream: the layout of a Start or an Update as it would look now.
import { layoutRegions } from '../../mix/layouts/layout-regions.ts'
import { pictureUrls } from '../../mix/picture-urls.ts'
import { unsupportedParameter } from '../../trtc/parameter-error.ts'
import { maskUrls } from '../../fleet/masked-urls.ts'
import type { Picture } from '../../engine/ipc.ts'
import type { Participant } from '../../mix/participants.ts'
import type { Region } from '../../mix/region.ts'
import { streamKey } from '../../mix/room.ts'
import { drawLayout } from '../layout-picture/draw-layout.ts'
import type { HandlerPorts, Handlers, Mixes } from './handler.ts'
import { intendedMix, requireOneRequest } from './intended-mix.ts'

/** A preview is for somebody who waits: a picture that is not there by then is left out. */
const PICTURES_MS = 4000

export const previewPublishCdnStream =
  (ports: HandlerPorts): Handlers['PreviewPublishCdnStream'] =>
  async ({ AssumedUserIds, ...request }, { key }) => {
    requireOneRequest(request)
    const { spec, warnings } = await intendedMix(request, ports, key, 'picture')
    const { room, video } = spec
    if (video === null) throw unsupportedParameter(request.Start === undefined ? 'Update' : 'Start', 'the mix has no picture')
    const assumed = AssumedUserIds?.map((userId): Participant => ({
      room,
      userId,
      sendsCamera: true,
      sendsScreen: false,
      sendsAudio: true,
    }))
    const participants = assumed ?? (await ports.participantsOf(room))
    const regions = layoutRegions(video.layout, video.encode, participants, null)
    const { pictures, missing } = await fetchAll(pictureUrls(video), ports.fetchPicture)
    const { widthPx, heightPx } = video.encode
    const image = await drawLayout({ video, regions, pictures, streams: await streamsOf(regions, ports.mixes) })
    return { Image: image.toString('base64'), Width: widthPx, Height: heightPx, Warnings: [...warnings, ...missing] }
  }

/** Of people whom a task of this server shows already. */
async function streamsOf(regions: readonly Region[], mixes: Mixes): Promise<Map<string, Picture>> {
  const streams = new Map<string, Picture>()
  for (const { stream } of regions) {
    const picture = stream === null ? null : await mixes.streamPicture(stream)
    if (stream !== null && picture !== null) streams.set(streamKey(stream), picture)
  }
  return streams
}

async function fetchAll(urls: readonly string[], fetchPicture: HandlerPorts['fetchPicture']) {
  const pictures = new Map<string, Picture>()
  const missing: string[] = []
  const signal = AbortSignal.timeout(PICTURES_MS)
  await Promise.all(
    urls.map(async (url) => {
      try {
        pictures.set(url, await fetchPicture(url, signal))
      } catch (error) {
        missing.push(
          signal.aborted
            ? `${maskUrls(url)} did not come within ${PICTURES_MS / 1000} s.`
            : maskUrls(error instanceof Error ? error.message : ''),
        )
      }
    }),
  )
  return { pictures, missing }
}
