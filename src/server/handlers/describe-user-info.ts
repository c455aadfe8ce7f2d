// DescribeUserInfo: who was in a room.
import { toHistorySlice } from '../../trtc/convert/history-slice.ts'
import { clientDevice } from '../rooms-history/client-device.ts'
import { requireApplication } from './applications.ts'
import type { HandlerPorts, Handlers } from './handler.ts'

const limits = { maxSpanSec: 4 * 3600, defaultPageSize: 6 } as const

/** Spec section 16. A user who came back has an entry for every stay; a room that is not known has none. */
export const describeUserInfo =
  ({ applications, roomHistory, now }: HandlerPorts): Handlers['DescribeUserInfo'] =>
  async (request, { key }) => {
    const { SdkAppId, CommId, UserIds = [] } = request
    const at = now()
    const slice = toHistorySlice(request, limits, at)
    await requireApplication(applications, SdkAppId, key)
    const { total, roomName, stays } = await roomHistory.stays(SdkAppId, CommId, UserIds, slice)
    return {
      Total: total,
      UserList: stays.map(({ userId, joinedAt, leftAt, clientAddress, userAgent }) => {
        const { device, software } = clientDevice(userAgent)
        return {
          RoomStr: roomName,
          UserId: userId,
          JoinTs: Math.floor(joinedAt / 1000),
          LeaveTs: Math.floor((leftAt ?? at) / 1000),
          DeviceType: device,
          SdkVersion: software,
          ClientIp: clientAddress ?? '',
          Finished: leftAt !== null,
        }
      }),
    }
  }
