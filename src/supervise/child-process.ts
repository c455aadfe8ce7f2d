// One forked child of this program, spoken to by birpc: start, calls, death. Nothing here restarts it.
import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { createBirpc, type BirpcReturn } from 'birpc'

const program = fileURLToPath(new URL('../main.ts', import.meta.url))

/** Why and how a child ended. */
export interface ChildExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface Child<Calls extends object> {
  readonly pid: number
  /** The child's functions. Calls reject with `ChildDied` once it is gone. */
  readonly calls: BirpcReturn<Calls, object>
  /** Resolves when the process is gone, however it went. */
  readonly exited: Promise<ChildExit>
  /** Ends the child now (SIGKILL) and waits for it; idempotent. */
  close(): Promise<void>
}

export class ChildDied extends Error {}

/**
 * Forks `tributary <command>`, or `script <command>`, and wires `events` to what the child calls here.
 * The child must end itself when its channel to us closes.
 */
export function forkChild<Calls extends object, Events extends object>(
  command: string,
  events: Events,
  environment: NodeJS.ProcessEnv = {},
  script = program,
): Child<Calls> {
  const child: ChildProcess = fork(script, [command], {
    serialization: 'advanced',
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  let died: ChildDied | null = null
  const calls = createBirpc<Calls, Events>(events, {
    onRequest: async (_request, send) => {
      if (died !== null) throw died
      return send()
    },
    post: (message) => {
      if (child.connected) child.send(message, () => {})
    },
    on: (listener) => child.on('message', listener),
    timeout: 60_000,
  })
  const exited = new Promise<ChildExit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
    child.once('error', () => resolve({ code: -1, signal: null }))
  }).then((exit) => {
    const error = new ChildDied(`The ${command} process ended (code ${exit.code}, signal ${exit.signal}).`)
    died = error
    void calls.$rejectPendingCalls(({ reject }) => reject(error))
    return exit
  })
  return {
    pid: child.pid ?? -1,
    calls,
    exited,
    async close() {
      child.kill('SIGKILL')
      await exited
    },
  }
}

/**
 * The child's side: serves `calls` to the parent and gives the parent's events back.
 * @param unanswered events that are sent without waiting for an answer; the others return one
 */
export function serveParent<Calls extends object, Events extends object>(
  calls: Calls,
  unanswered: (keyof Events)[] = [],
): BirpcReturn<Events, Calls> {
  if (process.send === undefined) throw new Error('This command runs as a child of `tributary serve` only.')
  process.once('disconnect', () => process.exit(0))
  // Signals to the whole group (Ctrl-C, a service manager) are for the parent, which ends its children in its own order.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {})
  return createBirpc<Events, Calls>(calls, {
    post: (message) => {
      if (process.connected) process.send?.(message)
    },
    on: (listener) => process.on('message', listener),
    eventNames: unanswered,
    timeout: 60_000,
  })
}
