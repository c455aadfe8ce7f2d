// An event in the log as the rest of the server sees its row.
import type { CallbackFamily } from './application-store.ts'

export interface NewCallbackEvent {
  readonly appId: number
  readonly family: CallbackFamily
  readonly group: number
  readonly type: number
  /** Of two events of one subject the first is sent first. */
  readonly subject: string
  readonly taskId: string | null
  /** JSON of what the receiver is told. Secret in part: push addresses stand in it. */
  readonly info: string
}

/** `pending`: there are tries to come. `delivered`, `given-up`: none. */
export type DeliveryState = 'pending' | 'delivered' | 'given-up'

/** All instants are Unix ms. */
export interface LoggedCallbackEvent extends NewCallbackEvent {
  readonly id: string
  readonly createdAt: number
  readonly state: DeliveryState
  readonly tries: number
  /** When the rule of retries begins to count: creation, or the latest replay. */
  readonly retryFrom: number
  /** Of the next try; `null` when settled. */
  readonly dueAt: number | null
  readonly settledAt: number | null
  readonly lastError: string | null
}
