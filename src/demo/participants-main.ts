// The process of the demo's synthetic participants.
import { AV_LOG_ERROR, Log } from 'node-av'
import { createLogger } from '../log.ts'
import { serveParent } from '../supervise/child-process.ts'
import type { ParticipantsCalls } from './participants-ipc.ts'
import { SyntheticParticipant } from './synthetic-participant.ts'

/** Serves the demo until it goes away. */
export function runParticipants(): void {
  // The terminal sends an interrupt to all processes; this one leaves when the demo says so.
  process.on('SIGINT', () => {})
  Log.setLevel(AV_LOG_ERROR)
  const log = createLogger('participants', process.env['TRIBUTARY_LOG_LEVEL'] ?? 'warn')
  const participants: SyntheticParticipant[] = []
  serveParent<ParticipantsCalls, object>({
    async start(settings) {
      const added = settings.map((options) => new SyntheticParticipant({ ...options, log: log.child({ participant: options.name }) }))
      participants.push(...added)
      await Promise.all(added.map((participant) => participant.start()))
    },
    async stats() {
      const { user, system } = process.cpuUsage()
      const stats = participants.map((participant) => participant.stats)
      return { participants: stats, cpuSec: (user + system) / 1e6, rssBytes: process.memoryUsage.rss() }
    },
    async stop() {
      await Promise.all(participants.splice(0).map((participant) => participant.close()))
    },
  })
}
