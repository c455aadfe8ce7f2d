// The gateway that damaged requests are sent to: without limits, with its log written and thrown away.
import { Writable } from 'node:stream'
import { pino } from 'pino'
import { createGateway } from '../../src/server/gateway/gateway.ts'
import { createHandlers } from '../../src/server/handlers/handlers.ts'
import { fakePorts } from '../support/fake-ports.ts'
import { FakeTasks } from '../support/fake-tasks.ts'
import { nowSec, signer } from '../support/gateway-under-test.ts'

/** Another one by TRIBUTARY_FUZZ_SEED; what fails tells its own. */
export const seed = Number(process.env['TRIBUTARY_FUZZ_SEED'] ?? 20_190_722)

/** Few, so that tasks are found, ended and wanting; to be cleared now and then. */
export const maxTasks = 20

export function fuzzedGateway() {
  const tasks = new FakeTasks(maxTasks)
  const key = { secretKey: signer.secretKey, accountId: 'a', token: null, expiresAt: null, applications: 'all' as const }
  const now = () => nowSec * 1000
  const app = createGateway({
    credentials: { find: async (id) => (id === signer.secretId ? key : null) },
    rateLimits: async () => undefined,
    handlers: createHandlers(fakePorts({ tasks, now })),
    regions: ['ap-guangzhou'],
    now,
    log: pino({ level: 'trace' }, new Writable({ write: (_chunk, _encoding, done) => done() })),
  })
  return { app, tasks }
}
