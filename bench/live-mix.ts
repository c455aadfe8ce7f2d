// A whole server with publishers and one running mix, for the figures of the live system.
import type { Config } from '../src/config.ts'
import type { SyntheticParticipantOptions } from '../src/demo/synthetic-participant.ts'
import type { ParticipantsCalls } from '../src/demo/participants-ipc.ts'
import { forkChild, type Child } from '../src/supervise/child-process.ts'
import type { ActionRequest } from '../src/trtc/actions/actions.ts'
import { ROOM_ID, startLiveSystem, type LiveSystem } from '../test/support/live-system.ts'
import type { Rect } from '../src/mix/mix-spec.ts'
import { audioEncode, encode } from './scene.ts'

export type StartRequest = ActionRequest<'StartPublishCdnStream'>

export const userOf = (index: number): string => `user-${index}`

/** A tile per user, in order, on the canvas of the cost figures. */
export const videoParams = (tiles: readonly Rect[], backgroundColor: string): NonNullable<StartRequest['VideoParams']> => ({
  VideoEncode: { Width: encode.widthPx, Height: encode.heightPx, Fps: encode.fps, BitRate: encode.bitRateKbps, Gop: encode.gopSec },
  BackGroundColor: backgroundColor,
  LayoutParams: {
    MixLayoutMode: 4,
    PureAudioHoldPlaceMode: 0,
    MixLayoutList: tiles.map((tile, index) => ({
      LocationX: tile.xPx,
      LocationY: tile.yPx,
      ImageWidth: tile.widthPx,
      ImageHeight: tile.heightPx,
      ZOrder: 0,
      RenderMode: 0,
      UserMediaStream: { StreamType: 0, UserInfo: { RoomIdType: 0, RoomId: ROOM_ID, UserId: userOf(index) } },
    })),
  },
})

export const startRequest = (system: LiveSystem, tiles: readonly Rect[], url: string, backgroundColor = '0x000000'): StartRequest => ({
  SdkAppId: system.sdkAppId,
  RoomIdType: 0,
  RoomId: ROOM_ID,
  WithTranscoding: 1,
  AgentParams: { UserId: 'mix_robot', UserSig: system.userSig('mix_robot'), MaxIdleTime: 60 },
  AudioParams: {
    AudioEncode: { SampleRate: audioEncode.sampleRateHz, Channel: audioEncode.channels, BitRate: audioEncode.bitRateKbps, Codec: 0 },
  },
  VideoParams: videoParams(tiles, backgroundColor),
  PublishCdnParams: [{ PublishCdnUrl: url, IsTencentCdn: 0 }],
})

/** Starts a server, lets `use` measure it, ends it however that went. */
export async function withLiveSystem<Result>(
  use: (system: LiveSystem) => Promise<Result>,
  settings: Partial<Config> = {},
): Promise<Result> {
  const system = await startLiveSystem(settings)
  try {
    return await use(system)
  } finally {
    await system.close()
  }
}

/** Synthetic participants with name, clock and time code, in a process of their own so that the server's event loop stays free. */
export async function joinSynthetic(
  system: LiveSystem,
  count: number,
  size: Pick<SyntheticParticipantOptions, 'widthPx' | 'heightPx' | 'bitRateKbps'>,
): Promise<Child<ParticipantsCalls>> {
  const child = forkChild<ParticipantsCalls, object>('demo-participants', {})
  await child.calls.start(
    Array.from({ length: count }, (_, index) => ({
      ...size,
      whipUrl: system.whipUrl(userOf(index)),
      userSig: system.userSig(userOf(index)),
      codec: 'h264',
      fps: encode.fps,
      color: 0x1f5fa8,
      name: userOf(index),
      toneHz: 440 + index * 110,
    })),
  )
  return child
}

export const pause = (forMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, forMs))

/** Waits until `isSo`; throws after `limitMs`. */
export async function until(isSo: () => boolean, what: string, limitMs = 15_000): Promise<void> {
  const deadline = performance.now() + limitMs
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error(`${what} did not happen within ${limitMs} ms.`)
    await pause(10)
  }
}
