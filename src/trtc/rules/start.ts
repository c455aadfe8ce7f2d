// Rules between the values of a Start (spec section 7).
import type { RoomRef, StreamRef } from '../../mix/room.ts'
import type { StartPublishCdnStream } from '../actions/start-publish-cdn-stream.ts'
import { toStream } from '../convert/layout.ts'
import { invalidParameter, missingParameter } from '../parameter-error.ts'
import type { VideoParams } from '../types/video-params.ts'
import { checkAudio } from './audio.ts'
import { checkFeedBackRooms, checkUrls } from './destinations.ts'
import { checkPicture } from './picture.ts'
import { checkRecord } from './record.ts'
import { checkSei } from './sei.ts'

/** @throws {TrtcError} `MissingParameter` or `InvalidParameter` */
export function checkStart(request: StartPublishCdnStream, main: RoomRef, allowRtmps: boolean): void {
  const { PublishCdnParams: urls = [], FeedBackRoomParams: rooms = [], SingleSubscribeParams: single, VideoParams: video } = request
  if (urls.length + rooms.length === 0) throw missingParameter('PublishCdnParams', 'there must be PublishCdnParams or FeedBackRoomParams')
  checkUrls(urls, allowRtmps)
  checkFeedBackRooms(rooms, main, request.AgentParams.UserId)
  if (request.WithTranscoding === 0 && single === undefined) throw missingParameter('SingleSubscribeParams', 'WithTranscoding is 0')
  if (request.WithTranscoding === 1 && single !== undefined) {
    throw invalidParameter('SingleSubscribeParams', single, 'must stay away when WithTranscoding is 1')
  }
  if (single !== undefined) toStream(single.UserMediaStream, main, 'SingleSubscribeParams.UserMediaStream')
  // A relay of one stream has no layout to obey (rule 17).
  const mixed = request.WithTranscoding === 1 ? video : undefined
  checkAudio(request.AudioParams, main, mixed === undefined ? [] : checkMixed(mixed, main))
  if (request.SeiParams !== undefined) checkSei(request.SeiParams, video !== undefined)
  if (request.RecordParams !== undefined) checkRecord(request.RecordParams)
}

function checkMixed(video: VideoParams, main: RoomRef): StreamRef[] | null {
  const { Width: widthPx, Height: heightPx } = video.VideoEncode
  return checkPicture({ LayoutParams: {}, ...video }, { widthPx, heightPx }, main, null)
}
