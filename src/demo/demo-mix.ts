// What the demo mixes: the vendor's first example, and who is in it.
import { readFileSync } from 'node:fs'
import type { ActionRequest } from '../trtc/actions/actions.ts'
import type { ExpectedMix, ExpectedParticipant } from './recording-judge.ts'

type StartRequest = ActionRequest<'StartPublishCdnStream'>

/** The example as the vendor printed it. */
export const example = JSON.parse(readFileSync(new URL('example-1.json', import.meta.url), 'utf8')) as StartRequest

/** The stream key at the end of the example's CDN address. */
export const streamKey = 'trtc_publishcdn_test1'

/** The example with the three things that must be one's own: application, UserSig and address. */
export const ownExample = (sdkAppId: number, userSig: string, cdnUrl: string): StartRequest => ({
  ...example,
  SdkAppId: sdkAppId,
  AgentParams: { ...example.AgentParams, UserSig: userSig },
  PublishCdnParams: (example.PublishCdnParams ?? []).map((output) => ({ ...output, PublishCdnUrl: cdnUrl })),
})

const source = { widthPx: 1280, heightPx: 720 }
const tile = { yPx: 0, widthPx: 640, heightPx: 720 }

export const people: readonly ExpectedParticipant[] = [
  { name: 'Trtc_User_0', color: 0x1f5fa8, toneHz: 440, source, tile: { ...tile, xPx: 0 } },
  { name: 'Trtc_User_1', color: 0xa8471f, toneHz: 660, source, tile: { ...tile, xPx: 640 } },
]

export const expectedMix: ExpectedMix = { widthPx: 1280, heightPx: 720, fps: 15, participants: people }
