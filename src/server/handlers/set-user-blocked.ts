// SetUserBlocked and SetUserBlockedByStrRoomId: a user is no longer heard or seen, or is again.
import type { SetUserBlocked } from '../../trtc/actions/set-user-blocked.ts'
import { TrtcError } from '../../trtc/errors.ts'
import { requireApplication } from './applications.ts'
import type { HandlerPorts, RequestContext } from './handler.ts'
import { requestedRoom, roomNotExist } from './requested-room.ts'

/** Spec section 16. */
export const setUserBlocked =
  ({ applications, rooms }: HandlerPorts) =>
  async (request: SetUserBlocked, { key, log }: RequestContext): Promise<object> => {
    const { SdkAppId, UserId: userId, IsMute: isMute } = request
    await requireApplication(applications, SdkAppId, key)
    const room = requestedRoom(request)
    const blocked = { audio: isMute === 1 || isMute === 2, video: isMute === 1 || isMute === 3 }
    const result = await rooms().setBlocked({ room, userId }, blocked)
    if (result === 'no-room') throw roomNotExist(room)
    if (result === 'no-user')
      throw new TrtcError('FailedOperation.UserNotExist', `User ${userId} is not in room ${JSON.stringify(room.name)}.`)
    log.info({ room: room.name, userId, blocked }, 'user blocked')
    return {}
  }
