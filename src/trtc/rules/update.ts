// Rules between an Update and the task it changes (spec section 7, rules 40 to 42 among them).
import type { AudioSpec, MixSpec, VideoSpec } from '../../mix/mix-spec.ts'
import type { UpdatePublishCdnStream } from '../actions/update-publish-cdn-stream.ts'
import { missingParameter, unsupportedParameter } from '../parameter-error.ts'
import type { AudioEncode } from '../types/audio-params.ts'
import type { VideoParamsUpdate } from '../types/video-params.ts'
import { checkAudio } from './audio.ts'
import { checkFeedBackRooms, checkUrls } from './destinations.ts'
import type { CanvasSize } from './layout.ts'
import { checkPicture } from './picture.ts'
import { checkSei } from './sei.ts'

/** @throws {TrtcError} `MissingParameter`, `InvalidParameter`, or `UnsupportedOperation` for what a running task cannot change */
export function checkUpdate(current: MixSpec, request: UpdatePublishCdnStream, allowRtmps: boolean): void {
  const { PublishCdnParams: urls, FeedBackRoomParams: rooms = [], AudioParams: audio, VideoParams: video } = request
  if (urls?.length === 0 && rooms.length === 0)
    throw missingParameter('PublishCdnParams', 'a task must keep an address or a room to relay to')
  checkUrls(urls ?? [], allowRtmps)
  checkFeedBackRooms(rooms, current.room, current.robot.userId)
  if (request.SingleSubscribeParams !== undefined && request.WithTranscoding === 1) {
    throw unsupportedParameter('SingleSubscribeParams', 'a task that transcodes relays no single stream')
  }
  if (video !== undefined && current.video === null) throw unsupportedParameter('VideoParams', 'the task was started without video')
  if (video !== undefined && request.WithTranscoding === 0) {
    throw unsupportedParameter('VideoParams', 'a task that does not transcode has no picture of its own')
  }
  const tiles = current.video === null ? [] : checkPicture(video ?? {}, sizeAfter(current.video, video ?? {}), current.room, current.video)
  if (audio !== undefined) {
    checkAudio(audio, current.room, tiles)
    checkSameEncode(current.audio, audio.AudioEncode)
  }
  if (request.SeiParams !== undefined) checkSei(request.SeiParams, current.video !== null)
}

function sizeAfter(current: VideoSpec, { VideoEncode: encode }: VideoParamsUpdate): CanvasSize {
  return encode === undefined ? current.encode : { widthPx: encode.Width, heightPx: encode.Height }
}

function checkSameEncode({ encode }: AudioSpec, asked: AudioEncode | undefined): void {
  if (asked === undefined) return
  const kept = { Codec: 0, SampleRate: encode.sampleRateHz, Channel: encode.channels, BitRate: encode.bitRateKbps }
  for (const name of ['Codec', 'SampleRate', 'Channel', 'BitRate'] as const) {
    const value = asked[name] ?? 0
    if (value === kept[name]) continue
    throw unsupportedParameter(`AudioParams.AudioEncode.${name}`, `it is ${value}, and a running task keeps its ${kept[name]}`)
  }
}
