// The gateway that the recordings were made against and are replayed to: keys, clock and ids never change.
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { once } from 'node:events'
import { serve } from '@hono/node-server'
import { createLogger } from '../../../src/log.ts'
import type { ApiKey } from '../../../src/server/gateway/api-key.ts'
import { createGateway } from '../../../src/server/gateway/gateway.ts'
import { createHandlers } from '../../../src/server/handlers/handlers.ts'
import { fakePorts, testApplication } from '../../support/fake-ports.ts'
import type { ApiUnderTest } from '../api-under-test.ts'

/** The clock of both sides, Unix milliseconds. */
export const recordedAt = 1_795_305_600_000

const token = 'EXAMPLETOKEN'
const lasting: ApiKey = { secretKey: 'EXAMPLEKEY', accountId: 'example', token: null, expiresAt: null, applications: 'all' }
const keys = new Map<string, ApiKey>([
  ['AKIDEXAMPLE', lasting],
  ['TEMPORARY', { ...lasting, token, expiresAt: recordedAt + 1 }],
])

/** One request and its answer; the answer's body is all of it that is ours. */
export interface Recording {
  readonly name: string
  /** Bytes of the connection as Latin-1. */
  readonly request: string
  readonly body: string
}

export async function openRecordedGateway(): Promise<ApiUnderTest> {
  let requests = 0
  const now = () => recordedAt
  const gateway = createGateway({
    credentials: { find: async (id) => keys.get(id) ?? null },
    rateLimits: async () => undefined,
    handlers: createHandlers(fakePorts({ now })),
    regions: ['ap-guangzhou'],
    now,
    newRequestId: () => `00000000-0000-4000-8000-${String(++requests).padStart(12, '0')}`,
    log: createLogger('gateway', 'silent'),
  })
  const server = serve({ fetch: gateway.fetch, port: 0, hostname: '127.0.0.1' })
  if (!server.listening) await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    secretId: 'AKIDEXAMPLE',
    secretKey: lasting.secretKey,
    sdkAppId: testApplication.sdkAppId,
    userSigKey: testApplication.key,
    temporaryKey: { secretId: 'TEMPORARY', secretKey: lasting.secretKey, token },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

/** Sends bytes as they are; resolves with all that comes back until the server ends the connection. */
export function sendRaw(url: string, bytes: Uint8Array): Promise<Buffer> {
  const { hostname: host, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const socket = connect({ host, port: Number(port) }, () => void socket.end(bytes))
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.once('error', reject)
    socket.once('end', () => resolve(Buffer.concat(chunks)))
  })
}

/** The body of an answer with a Content-Length. */
export const bodyOf = (answer: Buffer): string => answer.subarray(answer.indexOf('\r\n\r\n') + 4).toString()
