// Who is in the room and what they send, as layouts and audio lists need to know it.
import type { UserRef } from './room.ts'

/** A participant that is not a robot. Lists of these are in order of room entry. */
export interface Participant extends UserRef {
  readonly sendsCamera: boolean
  readonly sendsScreen: boolean
  readonly sendsAudio: boolean
}
