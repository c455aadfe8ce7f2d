// The engine process: warms up, waits for one job, runs it until told to stop.
import { serveParent } from '../supervise/child-process.ts'
import type { EngineCalls, EngineEvents } from './ipc.ts'
import { warmUp } from './encoders/warm-up.ts'
import { Pipeline } from './pipeline.ts'

/** Leaves at once, without the native libraries' exit handlers; not in Node's types. */
const { reallyExit } = process as NodeJS.Process & { reallyExit(code: number): never }

/** Serves `EngineCalls` to the parent process. */
export function runEngine(): void {
  let pipeline: Pipeline | null = null
  const running = (): Pipeline => {
    if (pipeline === null) throw new Error('This engine has no job.')
    return pipeline
  }
  const calls: EngineCalls = {
    async start(job) {
      if (pipeline !== null) throw new Error('This engine has a job already.')
      pipeline = new Pipeline({ job, events: parent, failed: endNow })
    },
    async update(spec) {
      running().update(spec)
    },
    async setPicture(url, picture) {
      running().setPicture(url, picture)
    },
    snapshot: () => running().snapshot(),
    streamPicture: (key) => running().streamPicture(key),
    async stop() {
      await pipeline?.close()
      setImmediate(() => reallyExit(0))
    },
  }
  const parent = serveParent<EngineCalls, EngineEvents>(calls, ['ready', 'output', 'idle', 'robotRemoved', 'note', 'stats'])
  process.once('uncaughtException', endNow)
  process.once('unhandledRejection', endNow)
  // The server ends its engines itself; a Ctrl-C in the terminal reaches the whole group.
  process.on('SIGINT', () => {})
  warmUp()
  void parent.ready()
}

/** An engine that failed is not repaired: its successor continues the time line. */
function endNow(error: unknown): void {
  console.error(error)
  reallyExit(1)
}
