// What a handler of an action is, and what all of them stand on.
import type { FetchPicture } from '../../fleet/task-pictures.ts'
import type { Worker } from '../../fleet/worker.ts'
import type { Logger } from '../../log.ts'
import type { Participant } from '../../mix/participants.ts'
import type { RoomRef } from '../../mix/room.ts'
import type { ActionName, ActionRequest, ActionResponses } from '../../trtc/actions/actions.ts'
import type { RoomsCalls } from '../../rooms/ipc.ts'
import type { RoomHistoryStore } from '../../store/room-history-store.ts'
import type { Tasks } from '../tasks/tasks.ts'
import type { Usage } from '../usage/usage.ts'
import type { ApiKey } from '../gateway/api-key.ts'
import type { Applications } from './applications.ts'

/** What a handler knows of the request besides its parameters. */
export interface RequestContext {
  readonly requestId: string
  /** Every line names the request. */
  readonly log: Logger
  /** What the request was signed with. */
  readonly key: ApiKey
}

/** One handler per action; parameters have passed their schema. A handler throws `TrtcError` or `TaskError` to refuse. */
export type Handlers = {
  readonly [Name in ActionName]: (request: ActionRequest<Name>, context: RequestContext) => Promise<ActionResponses[Name]>
}

/** What the engines of this server report and show. */
export type Mixes = Pick<Worker, 'latestStats' | 'pictureFailures' | 'snapshot' | 'streamPicture'>

export interface HandlerPorts {
  readonly tasks: Tasks
  readonly applications: Applications
  readonly usage: Usage
  /** Throws `RoomsUnavailable` while there is no rooms process. */
  readonly rooms: () => Pick<RoomsCalls, 'removeUser' | 'dismissRoom' | 'setBlocked'>
  readonly roomHistory: Pick<RoomHistoryStore, 'rooms' | 'stays'>
  readonly mixes: Mixes
  /** Who is in a room now, in order of entry, without robots; nobody while there is no rooms process. */
  readonly participantsOf: (room: RoomRef) => Promise<readonly Participant[]>
  readonly fetchPicture: FetchPicture
  readonly allowRtmps: boolean
  /** Unix milliseconds. */
  readonly now: () => number
}
