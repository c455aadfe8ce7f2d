// The states of an output and how one follows another.
import type { OutputState } from '../ipc.ts'

/**
 * `live`: the server takes the stream. `lost`: an attempt or a connection failed. `deadline`: no
 * connection for too long. `close`, `closed`: the output was removed, and is gone.
 */
export type OutputEvent = 'open' | 'live' | 'lost' | 'deadline' | 'close' | 'closed'

export const outputTransitions: readonly { readonly from: OutputState; readonly on: OutputEvent; readonly to: OutputState }[] = [
  { from: 'idle', on: 'open', to: 'connecting' },
  { from: 'connecting', on: 'live', to: 'running' },
  { from: 'connecting', on: 'lost', to: 'connecting' },
  { from: 'connecting', on: 'deadline', to: 'failed' },
  { from: 'connecting', on: 'close', to: 'disconnecting' },
  { from: 'running', on: 'lost', to: 'recovering' },
  { from: 'running', on: 'close', to: 'disconnecting' },
  { from: 'recovering', on: 'live', to: 'running' },
  { from: 'recovering', on: 'lost', to: 'recovering' },
  { from: 'recovering', on: 'deadline', to: 'failed' },
  { from: 'recovering', on: 'close', to: 'disconnecting' },
  { from: 'failed', on: 'live', to: 'running' },
  { from: 'failed', on: 'lost', to: 'failed' },
  { from: 'failed', on: 'close', to: 'disconnecting' },
  { from: 'disconnecting', on: 'closed', to: 'idle' },
]

/** The state after an event; `null` where the event means nothing. */
export const nextOutputState = (from: OutputState, on: OutputEvent): OutputState | null =>
  outputTransitions.find((transition) => transition.from === from && transition.on === on)?.to ?? null
