// The room that an action in two kinds (`…`, `…ByStrRoomId`) means: its number or its text.
import type { RoomRef } from '../../mix/room.ts'
import { TrtcError } from '../../trtc/errors.ts'

export interface RoomRequest {
  readonly SdkAppId: number
  readonly RoomId: number | string
}

export const requestedRoom = ({ SdkAppId: appId, RoomId: id }: RoomRequest): RoomRef =>
  typeof id === 'number' ? { appId, kind: 'number', name: String(id) } : { appId, kind: 'string', name: id }

export const roomNotExist = ({ kind, name }: RoomRef): TrtcError =>
  new TrtcError('FailedOperation.RoomNotExist', `Nobody is in ${kind} room ${JSON.stringify(name)}.`)
