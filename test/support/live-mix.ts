// A task of a live system as tests drive it: a small canvas, updates in sequence, and the end of its recordings.
import { setTimeout as pass } from 'node:timers/promises'
import { vi } from 'vitest'
import type { ActionRequest } from '../../src/trtc/actions/actions.ts'
import type { TaskView } from '../../src/server/tasks/tasks.ts'
import type { LiveSystem } from './live-system.ts'
import type { Rect } from './recorded-pictures.ts'

type StartRequest = ActionRequest<'StartPublishCdnStream'>
type UpdateRequest = ActionRequest<'UpdatePublishCdnStream'>
type VideoParams = NonNullable<StartRequest['VideoParams']>
export type LayoutParams = NonNullable<VideoParams['LayoutParams']>
type Tile = NonNullable<LayoutParams['MixLayoutList']>[number]

/** Small, so that tests leave the machine to what they test. */
export const canvas = { widthPx: 640, heightPx: 360 } as const
export const videoEncode = { Width: 640, Height: 360, Fps: 15, BitRate: 1200, Gop: 2 } as const
export const audioEncode = { SampleRate: 48000, Channel: 2, BitRate: 64, Codec: 0 } as const

export const leftHalf: Rect = { xPx: 0, yPx: 0, widthPx: 320, heightPx: 360 }
export const rightHalf: Rect = { xPx: 320, yPx: 0, widthPx: 320, heightPx: 360 }

/** A tile of the custom layout; without a user it is for whoever comes. */
export function tile(userId: string | null, { xPx, yPx, widthPx, heightPx }: Rect, more: Partial<Tile> = {}): Tile {
  return {
    ...(userId === null ? {} : { UserMediaStream: { UserInfo: { UserId: userId }, StreamType: 0 } }),
    LocationX: xPx,
    LocationY: yPx,
    ImageWidth: widthPx,
    ImageHeight: heightPx,
    ...more,
  }
}

export const customLayout = (...tiles: Tile[]): LayoutParams => ({ MixLayoutMode: 4, MixLayoutList: tiles })

/** A valid Start; `video` null asks for sound only. */
export function mixRequest(
  system: LiveSystem,
  roomId: string,
  urls: readonly string[],
  video: Omit<VideoParams, 'VideoEncode'> | null,
  more: Partial<StartRequest> = {},
): StartRequest {
  const robot = `mix_${roomId}`
  return {
    SdkAppId: system.sdkAppId,
    RoomId: roomId,
    RoomIdType: 0,
    AgentParams: { UserId: robot, UserSig: system.userSig(robot), MaxIdleTime: 30 },
    WithTranscoding: 1,
    AudioParams: { AudioEncode: audioEncode },
    ...(video === null ? {} : { VideoParams: { VideoEncode: videoEncode, ...video } }),
    PublishCdnParams: urls.map((PublishCdnUrl) => ({ PublishCdnUrl, IsTencentCdn: 0 })),
    ...more,
  }
}

export class LiveMix {
  readonly taskId: string
  /** Unix ms of the answer to Start. */
  readonly answeredAt: number
  readonly #system: LiveSystem
  #sequenceNumber = 0

  private constructor(system: LiveSystem, taskId: string) {
    this.#system = system
    this.taskId = taskId
    this.answeredAt = Date.now()
  }

  static async start(system: LiveSystem, request: StartRequest): Promise<LiveMix> {
    const { TaskId } = await system.client.call('StartPublishCdnStream', request)
    return new LiveMix(system, TaskId)
  }

  /** @returns Unix ms of the answer */
  async update(changes: Omit<Partial<UpdateRequest>, 'SdkAppId' | 'TaskId' | 'SequenceNumber' | 'WithTranscoding'>): Promise<number> {
    await this.#system.client.call('UpdatePublishCdnStream', {
      SdkAppId: this.#system.sdkAppId,
      TaskId: this.taskId,
      SequenceNumber: ++this.#sequenceNumber,
      WithTranscoding: 1,
      ...changes,
    })
    return Date.now()
  }

  /** @returns Unix ms of the answer */
  async stop(): Promise<number> {
    await this.#system.client.call('StopPublishCdnStream', { SdkAppId: this.#system.sdkAppId, TaskId: this.taskId })
    return Date.now()
  }

  async view(): Promise<TaskView> {
    const view = (await this.#system.server.tasks.list()).find(({ taskId }) => taskId === this.taskId)
    if (view === undefined) throw new Error(`There is no task ${this.taskId}.`)
    return view
  }

  /** Resolves once every output is connected. */
  async running(): Promise<void> {
    await vi.waitFor(
      async () => {
        const { outputs, spec } = await this.view()
        if (outputs.filter(({ state }) => state === 'running').length < spec.outputs.length)
          throw new Error(`The outputs are ${JSON.stringify(outputs)}.`)
      },
      { timeout: 10_000, interval: 20 },
    )
  }

  /** Lets the mix run: media need their time. */
  async runFor(ms: number): Promise<void> {
    await pass(ms)
  }

  /** How much later than captured a user's picture is shown, ms. */
  pictureDelayMs(userId: string): number {
    const inputs = this.#system.server.latestStats(this.taskId)?.inputs ?? []
    const input = inputs.find((one) => one.userId === userId && one.kind === 'camera')
    if (input === undefined) throw new Error(`The engine has reported no picture of ${userId}.`)
    return input.delayMs
  }
}
