// The door of the API: one request in, one envelope out, checks in the order of spec section 1.9.
import { randomUUID } from 'node:crypto'
import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import type { z } from 'zod'
import type { Logger } from '../../log.ts'
import { actions, isActionName, type ActionName, type ActionRequest } from '../../trtc/actions/actions.ts'
import { TrtcError, type Language } from '../../trtc/errors.ts'
import { parseRequest } from '../../trtc/parse-request.ts'
import type { Handlers, RequestContext } from '../handlers/handler.ts'
import { authenticate, type Credentials } from './authenticate.ts'
import { readCommonParameters } from './common-parameters.ts'
import { parseParameters } from './parse-parameters.ts'
import type { RateLimits } from './rate-limits.ts'
import { readRequest, type WireRequest } from './read-request.ts'
import { toTrtcError } from './to-trtc-error.ts'
import { commonHeaders, readMessage, type WireMessage } from './wire-message.ts'

export interface GatewayOptions {
  readonly credentials: Credentials
  readonly handlers: Handlers
  readonly rateLimits: RateLimits
  /** Region names that are taken; a request without one is taken always. */
  readonly regions: readonly string[]
  /** Unix milliseconds. */
  readonly now: () => number
  readonly log: Logger
  /** A random UUID, unless a test needs to know it. */
  readonly newRequestId?: () => string
  /** Hears of every answered request: a known action or `unknown`, `ok` or the error's code. */
  readonly countRequest?: (action: string, code: string, durationSec: number) => void
}

/** The raw Node request is there when Node's server stands in front, not under test. */
interface GatewayEnv {
  Bindings: Partial<HttpBindings>
}

/** Texts of any other language are in English. */
const languageOf = (name: string | undefined): Language => (name?.toLowerCase() === 'zh-cn' ? 'zh-CN' : 'en-US')

/**
 * Answers `GET /` and `POST /` with the envelope of spec section 1.6: HTTP 200 whatever happens, a fresh RequestId,
 * refusals by their code, faults of ours as `InternalError` with the stack in the log only. A Node server in front
 * must take request heads of 64 KB, as a GET may carry 32 KB of parameters.
 */
export function createGateway(options: GatewayOptions): Hono<GatewayEnv> {
  const app = new Hono<GatewayEnv>()

  app.all('/', async (c) => {
    const requestId = (options.newRequestId ?? randomUUID)()
    const startedAt = options.now()
    const log = options.log.child({ requestId })
    // Until the convention is known, headers tell what there is to tell.
    let heard = commonHeaders((name) => c.req.header(name))
    let code = 'ok'
    let response: object
    try {
      const request = await readRequest(c.req.raw, c.env?.incoming?.url ?? c.req.url)
      const message = readMessage(request)
      heard = message.common
      response = await answer(request, message, requestId, log)
    } catch (error) {
      const refusal = toTrtcError(error) ?? new TrtcError('InternalError')
      if (refusal.code === 'InternalError') log.error({ err: error }, 'fault while answering')
      code = refusal.code
      response = { Error: { Code: refusal.code, Message: refusal.messageIn(languageOf(heard('Language'))) } }
    }
    const ms = options.now() - startedAt
    const action = heard('Action')?.slice(0, 64)
    const client = heard('RequestClient')?.slice(0, 64)
    log.info({ action, code, client, ms }, 'request')
    options.countRequest?.(action !== undefined && isActionName(action) ? action : 'unknown', code, ms / 1000)
    const traceId = c.req.header('x-tc-traceid')
    if (traceId !== undefined) c.header('X-TC-TraceId', traceId.slice(0, 128))
    return c.json({ Response: { ...response, RequestId: requestId } })
  })

  async function answer(request: WireRequest, message: WireMessage, requestId: string, log: Logger): Promise<object> {
    const parameters = parseParameters(message, request.body)
    const common = readCommonParameters(message, request.header('authorization'))
    const key = await authenticate({ request, message, common }, options.credentials, options.now())
    await options.rateLimits(key.accountId, common.action)
    if (common.region !== null && !options.regions.includes(common.region)) {
      throw new TrtcError(
        'UnsupportedRegion',
        `${message.nameOf('Region')} is ${JSON.stringify(common.region.slice(0, 64))}; it must be one of ${options.regions.join(', ')}.`,
      )
    }
    return handle(common.action, parameters, { requestId, log, key })
  }

  // The table's types agree row by row, which the compiler cannot follow through an index.
  const handle = <Name extends ActionName>(action: Name, parameters: unknown, context: RequestContext): Promise<object> =>
    options.handlers[action](parseRequest<z.ZodType>(actions[action].schema, parameters) as ActionRequest<Name>, context)

  return app
}
