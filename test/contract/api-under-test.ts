// The server that contract tests speak to: one of their own on loopback, or a running one named by TRIBUTARY_CONTRACT_URL.
import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { createLogger } from '../../src/log.ts'
import type { ApiKey } from '../../src/server/gateway/api-key.ts'
import { createGateway } from '../../src/server/gateway/gateway.ts'
import { createHandlers } from '../../src/server/handlers/handlers.ts'
import { fakePorts } from '../support/fake-ports.ts'

export interface ApiUnderTest {
  /** As in `http://127.0.0.1:8080`. */
  readonly url: string
  readonly secretId: string
  readonly secretKey: string
  readonly sdkAppId: number
  readonly userSigKey: string
  /** A temporary key; `null`: the server has none that tests know of. */
  readonly temporaryKey: TemporaryKey | null
  close(): Promise<void>
}

export interface TemporaryKey {
  readonly secretId: string
  readonly secretKey: string
  readonly token: string
}

/** The application of the vendor's examples. */
const exampleSdkAppId = 1400188366

/**
 * A running server is described by `TRIBUTARY_CONTRACT_URL`, `TRIBUTARY_SECRET_ID`, `TRIBUTARY_SECRET_KEY` and
 * `TRIBUTARY_SDK_SECRET_KEY`, and must serve the application of the examples, which is the default one.
 */
export async function openApiUnderTest(): Promise<ApiUnderTest> {
  const { TRIBUTARY_CONTRACT_URL: url, TRIBUTARY_SECRET_ID, TRIBUTARY_SECRET_KEY, TRIBUTARY_SDK_SECRET_KEY } = process.env
  if (url === undefined) return startGateway()
  const named = { secretId: TRIBUTARY_SECRET_ID ?? '', secretKey: TRIBUTARY_SECRET_KEY ?? '', userSigKey: TRIBUTARY_SDK_SECRET_KEY ?? '' }
  return { url, ...named, sdkAppId: exampleSdkAppId, temporaryKey: null, close: async () => undefined }
}

async function startGateway(): Promise<ApiUnderTest> {
  const [secretId, secretKey, userSigKey] = ['id', 'key', 'sig'].map((name) => `${name}${randomBytes(16).toString('hex')}`)
  if (secretId === undefined || secretKey === undefined || userSigKey === undefined) throw new Error('Three secrets were not made.')
  // Tests move `Date` for the client; the server's clock stays.
  const now = () => performance.timeOrigin + performance.now()
  const applications = { findApplication: async (id: number) => (id === exampleSdkAppId ? { userSigKey } : null) }
  const key: ApiKey = { secretKey, accountId: 'contract', token: null, expiresAt: null, applications: 'all' }
  const temporaryKey: TemporaryKey = { secretId: `temporary${secretId}`, secretKey, token: randomBytes(16).toString('hex') }
  const keys = new Map([
    [secretId, key],
    [temporaryKey.secretId, { ...key, token: temporaryKey.token, expiresAt: now() + 3_600_000 }],
  ])
  const gateway = createGateway({
    credentials: { find: async (id) => keys.get(id) ?? null },
    // The suite is faster than the limits.
    rateLimits: async () => undefined,
    handlers: createHandlers(fakePorts({ applications, allowRtmps: true, now })),
    regions: ['ap-guangzhou'],
    now,
    log: createLogger('gateway', 'silent'),
  })
  const server = serve({ fetch: gateway.fetch, port: 0, hostname: '127.0.0.1' })
  await new Promise((resolve) => server.once('listening', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    secretId,
    secretKey,
    sdkAppId: exampleSdkAppId,
    userSigKey,
    temporaryKey,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
