// DescribeRoomInfo: which rooms there were.
import { toHistorySlice } from '../../trtc/convert/history-slice.ts'
import { requireApplication } from './applications.ts'
import type { HandlerPorts, Handlers } from './handler.ts'

const limits = { maxSpanSec: 24 * 3600, defaultPageSize: 10 } as const

/** Spec section 16. Rooms that were there at any moment of the span, the latest first; `Total` counts all pages. */
export const describeRoomInfo =
  ({ applications, roomHistory, now }: HandlerPorts): Handlers['DescribeRoomInfo'] =>
  async (request, { key }) => {
    const { SdkAppId, RoomId = null } = request
    const at = now()
    const slice = toHistorySlice(request, limits, at)
    await requireApplication(applications, SdkAppId, key)
    const { total, rooms } = await roomHistory.rooms(SdkAppId, RoomId, slice)
    return {
      Total: total,
      RoomList: rooms.map(({ id, room, openedBy, openedAt, closedAt }) => ({
        CommId: id,
        RoomString: room.name,
        CreateTime: Math.floor(openedAt / 1000),
        DestroyTime: Math.floor((closedAt ?? at) / 1000),
        IsFinished: closedAt !== null,
        UserId: openedBy,
      })),
    }
  }
