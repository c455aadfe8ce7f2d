// A gateway over fakes with a fixed clock, what it logs, and calls signed for it in both conventions.
import { Writable } from 'node:stream'
import { pino } from 'pino'
import { expect } from 'vitest'
import type { ApiKey } from '../../src/server/gateway/api-key.ts'
import { createGateway } from '../../src/server/gateway/gateway.ts'
import { createRateLimits, type RateLimits } from '../../src/server/gateway/rate-limits.ts'
import type { HandlerPorts } from '../../src/server/handlers/handler.ts'
import { createHandlers } from '../../src/server/handlers/handlers.ts'
import { createUserSig } from '../../src/trtc/user-sig.ts'
import { fakePorts, testApplication } from './fake-ports.ts'
import { FakeTasks } from './fake-tasks.ts'
import { signedRequest, type SigningOptions } from './signed-request.ts'
import { v1Request, type V1Options } from './v1-request.ts'

/** The instant at which the clock stands. */
export const nowSec = 1795305600

/** The key that the gateway knows, as signers take it. */
export const signer = { secretId: 'AKIDEXAMPLE', secretKey: 'EXAMPLEKEY', host: 'trtc.example.com', timestampSec: nowSec }

/** What a caller gets inside `Response`. */
export interface Answer {
  readonly RequestId: string
  readonly TaskId?: string
  readonly Error?: { readonly Code: string; readonly Message: string }
}

export interface GatewayUnderTestOptions {
  readonly tasks?: FakeTasks
  readonly ports?: Partial<HandlerPorts>
  /** Over a lasting key to every application. */
  readonly key?: Partial<ApiKey>
  readonly rateLimits?: RateLimits
}

/** A gateway that knows the key `AKIDEXAMPLE` and the region `ap-guangzhou`. */
export function gatewayUnderTest(options: GatewayUnderTestOptions = {}) {
  const { tasks = new FakeTasks(), ports = {}, key = {}, rateLimits = createRateLimits() } = options
  const lines: Record<string, unknown>[] = []
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(JSON.parse(chunk.toString()) as Record<string, unknown>)
      done()
    },
  })
  const now = () => nowSec * 1000
  const apiKey: ApiKey = { secretKey: signer.secretKey, accountId: 'a', token: null, expiresAt: null, applications: 'all', ...key }
  const app = createGateway({
    credentials: { find: async (id) => (id === signer.secretId ? apiKey : null) },
    rateLimits,
    handlers: createHandlers(fakePorts({ tasks, now, ...ports })),
    regions: ['ap-guangzhou'],
    now,
    log: pino({ level: 'trace' }, sink),
  })
  const answerTo = async (request: Request): Promise<Answer> => {
    const answer = await app.request(request)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json'])
    const { Response: response } = (await answer.json()) as { Response: Answer }
    expect(response.RequestId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    return response
  }
  /** A call in v3; a body of text is sent as it stands. */
  const call = (action: string, body: unknown, options: Partial<SigningOptions> = {}): Promise<Answer> =>
    answerTo(signedRequest(action, { ...signer, content: typeof body === 'string' ? body : JSON.stringify(body), ...options }))
  /** A call in v1. */
  const callV1 = (action: string, body: unknown, options: Partial<V1Options> = {}): Promise<Answer> =>
    answerTo(v1Request(action, body, { ...signer, ...options }))
  return { app, tasks, lines, answerTo, call, callV1 }
}

/** Of the test application. */
export const userSig = (userId: string, lifetimeSec = 3600): string => createUserSig({ ...testApplication, userId }, nowSec, lifetimeSec)

/** A Start of sound that is accepted. @param change members put over it */
export const startBody = (change: object = {}) => ({
  SdkAppId: testApplication.sdkAppId,
  RoomId: '295066',
  RoomIdType: 0,
  WithTranscoding: 1,
  AgentParams: { UserId: 'mix_295066', UserSig: userSig('mix_295066') },
  AudioParams: { AudioEncode: { SampleRate: 48000, Channel: 2, BitRate: 64 } },
  PublishCdnParams: [{ PublishCdnUrl: 'rtmp://cdn.example.com/live/STREAMKEY' }],
  ...change,
})

/** A Stop of the first task. */
export const stopBody = (TaskId = 'task-1') => ({ SdkAppId: testApplication.sdkAppId, TaskId })
