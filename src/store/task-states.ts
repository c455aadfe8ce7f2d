// The states of a task and what moves it from one to the next.
import type { TaskState } from './tables.ts'

export type TaskEvent =
  /** The engine ticks for the first time. */
  | 'engine-started'
  /** A worker took the task over; its engine looks anew who is there. */
  | 'taken-over'
  | 'everybody-left'
  | 'somebody-back'
  /** By the caller. */
  | 'stop'
  /** Nobody for as long as the spec allows. */
  | 'idle-expired'
  /** By another of the same name, by the room's owner or by its end. */
  | 'robot-removed'
  /** The engine said goodbye, or there is none. */
  | 'engine-gone'
  /** Engines cannot run this task. */
  | 'failed'
  /** The deadline of `starting` passed. */
  | 'start-overdue'
  /** The deadline of `stopping` passed. */
  | 'stop-overdue'

export interface TaskTransition {
  readonly from: TaskState
  readonly on: TaskEvent
  readonly to: TaskState
}

/** Every move there is. One event leads to one state, wherever it comes from; a pair that is missing changes nothing. */
export const taskTransitions: readonly TaskTransition[] = [
  { from: 'starting', on: 'engine-started', to: 'running' },
  { from: 'idle', on: 'taken-over', to: 'running' },
  { from: 'running', on: 'everybody-left', to: 'idle' },
  { from: 'idle', on: 'somebody-back', to: 'running' },
  { from: 'starting', on: 'stop', to: 'stopping' },
  { from: 'running', on: 'stop', to: 'stopping' },
  { from: 'idle', on: 'stop', to: 'stopping' },
  { from: 'idle', on: 'idle-expired', to: 'stopping' },
  { from: 'starting', on: 'robot-removed', to: 'stopping' },
  { from: 'running', on: 'robot-removed', to: 'stopping' },
  { from: 'idle', on: 'robot-removed', to: 'stopping' },
  { from: 'stopping', on: 'engine-gone', to: 'ended' },
  { from: 'starting', on: 'failed', to: 'ended' },
  { from: 'running', on: 'failed', to: 'ended' },
  { from: 'idle', on: 'failed', to: 'ended' },
  { from: 'starting', on: 'start-overdue', to: 'ended' },
  { from: 'stopping', on: 'stop-overdue', to: 'ended' },
]

/** The states an event may find a task in, and the one it leads to. */
export function transitionOn(event: TaskEvent): { from: TaskState[]; to: TaskState } {
  const found = taskTransitions.filter(({ on }) => on === event)
  const to = found[0]?.to
  if (to === undefined) throw new Error(`Nothing happens on "${event}".`)
  return { from: found.map(({ from }) => from), to }
}

/** States whose tasks are mixed, or wait to be. */
export const activeStates: readonly TaskState[] = ['starting', 'running', 'idle']

/** Longest time from acceptance, or from a claim, to an engine that ticks. */
export const START_LIMIT_MS = 30_000

/** Longest time from a reason to end to the end. */
export const STOP_LIMIT_MS = 10_000
