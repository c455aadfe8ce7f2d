// How the states of an output become the statuses that callers are told, in the vendor's sequences (relay-api 14.2).
import type { OutputState } from '../../engine/ipc.ts'
import type { RelayStatus } from '../../trtc/callbacks/relay-event.ts'

/**
 * What is told next, in order; a pair that is missing tells nothing. An engine that takes over another's outputs says
 * `connecting`: to callers that is a push that recovers. After `failed` nothing is told of further attempts until one works.
 */
const next: Readonly<Record<RelayStatus, Readonly<Partial<Record<OutputState, readonly RelayStatus[]>>>>> = {
  idle: {
    connecting: ['connecting'],
    recovering: ['connecting'],
    running: ['connecting', 'running'],
    failed: ['connecting', 'failed'],
  },
  connecting: { running: ['running'], failed: ['failed'], disconnecting: ['disconnecting'], idle: ['disconnecting', 'idle'] },
  running: {
    connecting: ['recovering'],
    recovering: ['recovering'],
    failed: ['recovering', 'failed'],
    disconnecting: ['disconnecting'],
    idle: ['disconnecting', 'idle'],
  },
  recovering: { running: ['running'], failed: ['failed'], disconnecting: ['disconnecting'], idle: ['disconnecting', 'idle'] },
  failed: { running: ['running'], idle: ['idle'] },
  // An output that is wanted again while its predecessor still says goodbye.
  disconnecting: { idle: ['idle'], connecting: ['idle', 'connecting'], running: ['idle', 'connecting', 'running'] },
}

/** @param told the status told last; `idle` before the first */
export const relayStatusesOn = (told: RelayStatus, state: OutputState): readonly RelayStatus[] => next[told][state] ?? []
