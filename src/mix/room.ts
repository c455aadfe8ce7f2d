// Who and where: the identities every part of the system shares.

/** A room of an application. Number room 123 and string room "123" are different rooms. */
export interface RoomRef {
  readonly appId: number
  readonly kind: 'number' | 'string'
  /** For number rooms the decimal text, 1 to 4294967294. */
  readonly name: string
}

/** A participant of a room. */
export interface UserRef {
  readonly room: RoomRef
  readonly userId: string
}

/** What a picture comes from. */
export type PictureSource = 'camera' | 'screen'

/** One publisher's picture. */
export interface StreamRef extends UserRef {
  readonly source: PictureSource
}

/** One text per room, usable as a map key; never shown to users. */
export const roomKey = (room: RoomRef): string => `${room.appId}/${room.kind}/${room.name}`

/** One text per participant, usable as a map key. */
export const userKey = (user: UserRef): string => `${roomKey(user.room)}/${user.userId}`

/** One text per publisher's picture, usable as a map key. */
export const streamKey = (stream: StreamRef): string => `${userKey(stream)}/${stream.source}`
