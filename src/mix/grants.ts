// What a participant may do in a room.

export interface Grants {
  /** Without it nothing else holds. */
  readonly join: boolean
  /** Being the first person in the room. */
  readonly openRoom: boolean
  readonly sendAudio: boolean
  readonly receiveAudio: boolean
  readonly sendVideo: boolean
  readonly receiveVideo: boolean
  readonly sendScreen: boolean
  readonly receiveScreen: boolean
}

/** Of whoever is not asked for privileges. */
export const everyGrant: Grants = {
  join: true,
  openRoom: true,
  sendAudio: true,
  receiveAudio: true,
  sendVideo: true,
  receiveVideo: true,
  sendScreen: true,
  receiveScreen: true,
}
