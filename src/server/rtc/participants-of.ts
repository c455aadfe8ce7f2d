// Who is in a room, as layouts need to know it.
import type { Participant } from '../../mix/participants.ts'
import { roomKey, type RoomRef } from '../../mix/room.ts'
import type { RoomsCalls } from '../../rooms/ipc.ts'

/**
 * Everybody but robots, in order of entry; nobody while there is no rooms process.
 * @param calls may throw while there is none
 */
export const participantsOf =
  (calls: () => Pick<RoomsCalls, 'list'>) =>
  async (room: RoomRef): Promise<Participant[]> => {
    const rooms = await Promise.try(() => calls().list()).catch(() => [])
    const present = rooms.find((candidate) => roomKey(candidate.room) === roomKey(room))?.participants ?? []
    return present
      .filter(({ isRobot }) => !isRobot)
      .toSorted((one, other) => one.joinedAt - other.joinedAt)
      .map(({ userId, tracks }) => {
        const kinds = tracks.map(({ kind }) => kind)
        return {
          room,
          userId,
          sendsCamera: kinds.includes('camera'),
          sendsScreen: kinds.includes('screen'),
          sendsAudio: kinds.includes('microphone') || kinds.includes('screen-audio'),
        }
      })
  }
