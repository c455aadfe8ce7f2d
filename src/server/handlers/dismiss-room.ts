// DismissRoom and DismissRoomByStrRoomId: everybody must leave a room.
import type { DismissRoom } from '../../trtc/actions/dismiss-room.ts'
import { requireApplication } from './applications.ts'
import type { HandlerPorts, RequestContext } from './handler.ts'
import { requestedRoom, roomNotExist } from './requested-room.ts'

/** Spec section 16; robots stay, and the idle clock of their tasks runs (13.1). */
export const dismissRoom =
  ({ applications, rooms }: HandlerPorts) =>
  async (request: DismissRoom, { key, log }: RequestContext): Promise<object> => {
    await requireApplication(applications, request.SdkAppId, key)
    const room = requestedRoom(request)
    if (!(await rooms().dismissRoom(room))) throw roomNotExist(room)
    log.info({ room: room.name }, 'room dismissed')
    return {}
  }
