// RemoveUser and RemoveUserByStrRoomId: users must leave a room.
import type { RemoveUser } from '../../trtc/actions/remove-user.ts'
import { requireApplication } from './applications.ts'
import type { HandlerPorts, RequestContext } from './handler.ts'
import { requestedRoom, roomNotExist } from './requested-room.ts'

/** Spec section 16. Users who are not there are no error, as with the vendor: they are gone, which was wanted. */
export const removeUser =
  ({ applications, rooms }: HandlerPorts) =>
  async (request: RemoveUser, { key, log }: RequestContext): Promise<object> => {
    await requireApplication(applications, request.SdkAppId, key)
    const room = requestedRoom(request)
    const calls = rooms()
    const results: string[] = []
    // One after the other: the last to leave closes the room.
    for (const userId of request.UserIds) results.push(await calls.removeUser({ room, userId }))
    if (results.every((result) => result === 'no-room')) throw roomNotExist(room)
    log.info(
      { room: room.name, users: request.UserIds.length, removed: results.filter((result) => result === 'removed').length },
      'users removed',
    )
    return {}
  }
