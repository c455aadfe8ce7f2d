// What the console asks the server.
import type { RoomSnapshot } from '../../src/rooms/ipc.ts'
import type { TaskSummary } from '../../src/server/console/task-summary.ts'

export type { RoomSnapshot, TaskSummary }

export interface Rooms {
  readonly sdkAppId: number
  readonly rooms: readonly RoomSnapshot[]
}

/** What a browser needs to enter rooms under a name. */
export interface Pass {
  readonly sdkAppId: number
  readonly userSig: string
}

async function ask<T>(path: string, init?: RequestInit): Promise<T> {
  const answer = await fetch(`./api/${path}`, init)
  if (answer.status === 401) throw new Error('The console is closed: open the address that the server printed.')
  const body = (await answer.json()) as T & { error?: string }
  if (!answer.ok) throw new Error(body.error ?? `The server answered ${answer.status}.`)
  return body
}

export const getTasks = async (): Promise<readonly TaskSummary[]> => (await ask<{ tasks: TaskSummary[] }>('tasks')).tasks
export const getRooms = (): Promise<Rooms> => ask('rooms')
export const getPass = (userId: string): Promise<Pass> => ask('join', { method: 'POST', body: JSON.stringify({ userId }) })

/** Address of a participant's WHIP or WHEP resource. */
export const mediaUrl = (appId: number, room: Pick<RoomSnapshot['room'], 'kind' | 'name'>, userId: string, kind: 'whip' | 'whep'): string =>
  `/apps/${appId}/${room.kind === 'number' ? 'rooms' : 'str-rooms'}/${encodeURIComponent(room.name)}/users/${encodeURIComponent(userId)}/${kind}`
