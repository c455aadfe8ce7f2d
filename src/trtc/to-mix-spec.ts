// The only way from the wire to the core: requests that passed their schema become mix specs, or the one error to answer.
import type { AudioSpec, MixSpec, VideoSpec } from '../mix/mix-spec.ts'
import type { StartPublishCdnStream } from './actions/start-publish-cdn-stream.ts'
import type { UpdatePublishCdnStream } from './actions/update-publish-cdn-stream.ts'
import { toAudio, toAudioEncode } from './convert/audio.ts'
import { toOutputs } from './convert/outputs.ts'
import { toRoom } from './convert/room.ts'
import { toVideo, toVideoEncode } from './convert/video.ts'
import { checkStart } from './rules/start.ts'
import { checkUpdate } from './rules/update.ts'
import type { VideoEncode } from './types/video-params.ts'
import { refuseUnsupported } from './unsupported.ts'

export interface MixSpecRules {
  /** Whether `rtmps` addresses are taken. */
  readonly allowRtmps: boolean
}

export interface MixSpecResult {
  readonly spec: MixSpec
  /** For the log: parameters that have no effect, without their values. */
  readonly warnings: readonly string[]
}

const defaultMaxIdleSec = 30

/**
 * The spec of a new task, with all defaults applied.
 * @throws {TrtcError} by the rules of spec section 7, then for what this release does not do
 */
export function toMixSpec(request: StartPublishCdnStream, rules: MixSpecRules): MixSpecResult {
  const main = toRoom(request.SdkAppId, request.RoomId, request.RoomIdType, 'RoomId')
  checkStart(request, main, rules.allowRtmps)
  refuseUnsupported(request, main)

  const warnings: string[] = []
  const { AgentParams: agent, AudioParams: audio, VideoParams: video } = request
  const silence: AudioSpec = { encode: toAudioEncode(audio.AudioEncode), allow: null, block: [] }
  const spec: MixSpec = {
    room: main,
    robot: { userId: agent.UserId, userSig: agent.UserSig },
    maxIdleSec: agent.MaxIdleTime ?? defaultMaxIdleSec,
    audio: toAudio(audio, silence, main),
    video:
      video === undefined
        ? null
        : toVideo(video, blankPicture(video.VideoEncode), main, 'VideoParams', (warning) => warnings.push(warning)),
    outputs: toOutputs(request.PublishCdnParams ?? []),
  }
  return { spec, warnings }
}

/**
 * The spec of a running task after an Update: what is present replaces that part of `current` (spec section 4).
 * @throws {TrtcError} by the rules of spec section 7, checked on the result, then for what this release does not do
 */
export function updateMixSpec(current: MixSpec, request: UpdatePublishCdnStream, rules: MixSpecRules): MixSpecResult {
  const main = current.room
  checkUpdate(current, request, rules.allowRtmps)
  refuseUnsupported(request, main)

  const warnings: string[] = []
  const { AudioParams: audio, VideoParams: video, PublishCdnParams: urls } = request
  const spec: MixSpec = {
    ...current,
    audio: audio === undefined ? current.audio : toAudio(audio, current.audio, main),
    video:
      video === undefined || current.video === null
        ? current.video
        : toVideo(video, current.video, main, 'VideoParams', (warning) => warnings.push(warning)),
    outputs: urls === undefined ? current.outputs : toOutputs(urls),
  }
  return { spec, warnings }
}

/** What a Start fills in. Its layout is never seen: one without `LayoutParams` asks for mode 1. */
const blankPicture = (encode: VideoEncode): VideoSpec => ({
  encode: toVideoEncode(encode),
  layout: { kind: 'grid', renderMode: 'crop', holdPureAudio: false },
  background: { color: 0x000000, pictureUrl: null, renderMode: 'stretch' },
  watermarks: [],
})
