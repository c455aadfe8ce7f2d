// Which of audio and video a session, or a participant, may send or receive.
import type { TrackKind } from '../feed/messages.ts'
import type { Grants } from '../mix/grants.ts'
import type { PictureSource } from '../mix/room.ts'

export interface MediaKinds {
  readonly audio: boolean
  readonly video: boolean
}

export const mediaKind = (track: TrackKind): keyof MediaKinds => (track === 'camera' || track === 'screen' ? 'video' : 'audio')

/** What a publisher of this source may send. The sound of a screen is sound. */
export const sendable = (grants: Grants, source: PictureSource): MediaKinds => ({
  audio: grants.sendAudio,
  video: source === 'screen' ? grants.sendScreen : grants.sendVideo,
})

/** What a viewer of this source may receive. */
export const receivable = (grants: Grants, source: PictureSource): MediaKinds => ({
  audio: grants.receiveAudio,
  video: source === 'screen' ? grants.receiveScreen : grants.receiveVideo,
})
