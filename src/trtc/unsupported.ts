// What the API defines and this release does not do. Such requests are valid, and refused rather than half obeyed.
import { roomKey, type RoomRef } from '../mix/room.ts'
import type { StartPublishCdnStream } from './actions/start-publish-cdn-stream.ts'
import type { UpdatePublishCdnStream } from './actions/update-publish-cdn-stream.ts'
import { otherPictureFormat } from './convert/picture-url.ts'
import { toUser } from './convert/room.ts'
import { unsupportedParameter } from './parameter-error.ts'
import type { AudioParamsUpdate } from './types/audio-params.ts'
import type { LayoutParams, McuLayout } from './types/layout-params.ts'
import type { MixUserInfo } from './types/user-info.ts'
import type { VideoParamsUpdate } from './types/video-params.ts'
import type { WaterMarkParams } from './types/water-mark-params.ts'

/** A place of a request, and what is asked there in vain. */
type Refusal = readonly [path: string, why: string]

/**
 * Refuses what this release does not do. Expects a request that keeps all rules.
 * @throws {TrtcError} `UnsupportedOperation` naming the first such parameter
 */
export function refuseUnsupported(request: StartPublishCdnStream | UpdatePublishCdnStream, main: RoomRef): void {
  for (const [path, why] of refusals(request, main)) throw unsupportedParameter(path, why)
}

function* refusals(request: StartPublishCdnStream | UpdatePublishCdnStream, main: RoomRef): Generator<Refusal> {
  if (request.WithTranscoding === 0) yield ['WithTranscoding', 'relay without transcoding is not supported yet']
  if (request.FeedBackRoomParams?.length) yield ['FeedBackRoomParams', 'relay into rooms is not supported yet']
  if (request.SeiParams !== undefined) yield ['SeiParams', 'SEI is not supported yet']
  if ('RecordParams' in request && request.RecordParams !== undefined && request.RecordParams.UniRecord !== 1) {
    yield ['RecordParams.UniRecord', 'recording is not supported yet']
  }
  if (request.AudioParams !== undefined) yield* ofAudio(request.AudioParams, main)
  if (request.VideoParams === undefined) return
  const isStart = !('TaskId' in request)
  yield* ofVideo(isStart ? { LayoutParams: {}, ...request.VideoParams } : request.VideoParams, main)
}

function* ofAudio(audio: AudioParamsUpdate, main: RoomRef): Generator<Refusal> {
  if (audio.AudioEncode?.Codec) yield ['AudioParams.AudioEncode.Codec', 'HE-AAC is not supported yet']
  for (const name of ['SubscribeAudioList', 'UnSubscribeAudioList'] as const) {
    for (const [index, { UserInfo }] of (audio[name] ?? []).entries())
      yield* ofUser(UserInfo, main, `AudioParams.${name}.${index}.UserInfo`)
  }
}

function* ofUser(user: MixUserInfo, main: RoomRef, path: string): Generator<Refusal> {
  const { room } = toUser(user, main, path)
  if (roomKey(room) === roomKey(main)) return
  yield [`${path}.${room.name === main.name ? 'RoomIdType' : 'RoomId'}`, 'inputs of rooms other than the main room are not supported yet']
}

function* ofVideo(video: VideoParamsUpdate, main: RoomRef): Generator<Refusal> {
  if (video.LayoutParams !== undefined) yield* ofLayout(video.LayoutParams, main, 'VideoParams.LayoutParams')
  for (const [index, watermark] of (video.WaterMarkList ?? []).entries())
    yield* ofWatermark(watermark, `VideoParams.WaterMarkList.${index}`)
}

function* ofLayout(layout: LayoutParams, main: RoomRef, path: string): Generator<Refusal> {
  const mode = layout.MixLayoutMode ?? 1
  if (mode === 1) yield [`${path}.MixLayoutMode`, 'the floating layout (1, the default) is not supported yet; 3 and 4 are']
  if (mode === 2) yield [`${path}.MixLayoutMode`, 'the screen sharing layout (2) is not supported yet; 3 and 4 are']
  if (mode === 3 && layout.EnableStreamSEI === 1) yield [`${path}.EnableStreamSEI`, 'SEI of participants is not passed on yet']
  if (mode !== 4) return
  for (const [index, tile] of (layout.MixLayoutList ?? []).entries()) yield* ofTile(tile, main, `${path}.MixLayoutList.${index}`)
}

function* ofTile(tile: McuLayout, main: RoomRef, path: string): Generator<Refusal> {
  if (tile.UserMediaStream !== undefined) yield* ofUser(tile.UserMediaStream.UserInfo, main, `${path}.UserMediaStream.UserInfo`)
  if (tile.CustomCrop !== undefined) yield [`${path}.CustomCrop`, 'cropping of sources is not supported yet']
  if (tile.TransparentUrl) yield [`${path}.TransparentUrl`, 'shaped tiles are not supported yet']
  if (tile.BackGroundColorMode) yield [`${path}.BackGroundColorMode`, 'colours of tiles are not supported yet']
  if (tile.BackgroundRenderMode === 4) yield [`${path}.BackgroundRenderMode`, 'placeholders of custom size are not supported yet']
  if (tile.EnableStreamSEI === 1) yield [`${path}.EnableStreamSEI`, 'SEI of participants is not passed on yet']
  const format = otherPictureFormat(tile.BackgroundImageUrl ?? '')
  if (format !== null && ['bmp', 'gif', 'webm'].includes(format)) {
    yield [`${path}.BackgroundImageUrl`, `placeholders of format ${format} are not supported yet; png and jpeg are`]
  }
}

function* ofWatermark(watermark: WaterMarkParams, path: string): Generator<Refusal> {
  if (watermark.WaterMarkType === 1) yield [`${path}.WaterMarkType`, 'text watermarks are not supported yet']
  if (watermark.WaterMarkImage?.DynamicPosType) yield [`${path}.WaterMarkImage.DynamicPosType`, 'moving watermarks are not supported yet']
}
