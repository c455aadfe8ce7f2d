// The mix that faults are done to: two participants side by side, small, so that the machine has time for the fault.
import type { SyntheticParticipantOptions } from '../../src/demo/synthetic-participant.ts'
import type { ActionRequest } from '../../src/trtc/actions/actions.ts'
import { isColor, type MixShape, type ShownPicture } from '../support/shown-picture.ts'
import { ROOM_ID, type LiveSystem } from '../support/live-system.ts'

const source = { widthPx: 640, heightPx: 360 }
const tile = { yPx: 0, widthPx: 320, heightPx: 360, source }
export const FPS = 15

export const shape: MixShape = {
  ...source,
  tiles: [
    { ...tile, xPx: 0 },
    { ...tile, xPx: 320 },
  ],
}

/** In the order of their tiles. */
export const people = [
  { userId: 'left', color: 0x1f5fa8, toneHz: 440 },
  { userId: 'right', color: 0xa8471f, toneHz: 660 },
] as const

export interface DuoOptions {
  /** Shown where somebody is missing. */
  readonly placeholderUrl?: string
  readonly maxIdleSec?: number
  readonly robot?: string
}

/** The request that mixes them to some destinations. */
export function duoRequest(
  { sdkAppId, userSig }: Pick<LiveSystem, 'sdkAppId' | 'userSig'>,
  urls: readonly string[],
  options: DuoOptions = {},
): ActionRequest<'StartPublishCdnStream'> {
  const robot = options.robot ?? 'robot'
  return {
    SdkAppId: sdkAppId,
    RoomId: ROOM_ID,
    RoomIdType: 0,
    WithTranscoding: 1,
    AgentParams: { UserId: robot, UserSig: userSig(robot), MaxIdleTime: options.maxIdleSec ?? 30 },
    AudioParams: { AudioEncode: { SampleRate: 48000, Channel: 2, BitRate: 64, Codec: 0 } },
    VideoParams: {
      VideoEncode: { Width: source.widthPx, Height: source.heightPx, Fps: FPS, BitRate: 800, Gop: 2 },
      BackGroundColor: '0x000000',
      LayoutParams: {
        MixLayoutMode: 4,
        PureAudioHoldPlaceMode: 0,
        MixLayoutList: people.map(({ userId }, index) => ({
          UserMediaStream: { UserInfo: { UserId: userId, RoomId: ROOM_ID, RoomIdType: 0 }, StreamType: 0 },
          LocationX: tile.widthPx * index,
          LocationY: 0,
          ImageWidth: tile.widthPx,
          ImageHeight: tile.heightPx,
          RenderMode: 0,
          ZOrder: 0,
          ...(options.placeholderUrl === undefined ? {} : { BackgroundImageUrl: options.placeholderUrl }),
        })),
      },
    },
    PublishCdnParams: urls.map((url) => ({ PublishCdnUrl: url, IsTencentCdn: 0 })),
  }
}

/** Settings of the synthetic participant for the tile `index`. */
export const person = (index: 0 | 1): Partial<SyntheticParticipantOptions> & { readonly userId: string } => ({
  ...people[index],
  ...source,
  fps: FPS,
  bitRateKbps: 500,
  name: people[index].userId,
})

/** Whether both are seen, each in its tile and with a time code. */
export const showsBoth = ({ tiles }: ShownPicture): boolean =>
  people.every(({ color }, index) => isColor(tiles[index], color) && tiles[index]?.code !== null)

/** Starts the mix; resolves with its task. */
export async function startDuo(system: LiveSystem, urls: readonly string[], options: DuoOptions = {}): Promise<string> {
  return (await system.client.call('StartPublishCdnStream', duoRequest(system, urls, options))).TaskId
}
