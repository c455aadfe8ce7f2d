// How often an account may call an action.
import { RateLimiterMemory, type RateLimiterAbstract } from 'rate-limiter-flexible'
import { ConfigError } from '../../config.ts'
import { actions, isActionName, type ActionName } from '../../trtc/actions/actions.ts'
import { TrtcError } from '../../trtc/errors.ts'

/** Counts a call; rejects with `RequestLimitExceeded` beyond the action's limit. */
export type RateLimits = (accountId: string, action: ActionName) => Promise<void>

export interface RateLimitOptions {
  /** All documented limits times this. */
  readonly factor?: number
  /** Limits of single actions in place of the documented ones, as in `StartPublishCdnStream=50` a second. */
  readonly overrides?: readonly string[]
  /**
   * Counts the calls of one action. Memory counts those of this process; servers that share a database will share a
   * count through the database stores of the same package, which are limiters of the same kind.
   */
  readonly createLimiter?: (action: ActionName, maxPerSec: number) => Pick<RateLimiterAbstract, 'consume'>
}

/**
 * Limits counted per account and action in windows of a second (spec section 1.7).
 * @throws {ConfigError} for an override that names no action or no number
 */
export function createRateLimits({ factor = 1, overrides = [], createLimiter = inMemory }: RateLimitOptions = {}): RateLimits {
  const own = new Map(overrides.map(parseOverride))
  const limits = new Map(
    (Object.keys(actions) as ActionName[]).map((action) => {
      const maxPerSec = own.get(action) ?? Math.max(1, Math.round(actions[action].maxPerSec * factor))
      return [action, { maxPerSec, limiter: createLimiter(action, maxPerSec) }]
    }),
  )
  return async (accountId, action) => {
    const limit = limits.get(action)
    await limit?.limiter.consume(accountId).catch((reason: unknown) => {
      // A limiter rejects with its count; an error is the failure of what it counts in.
      if (reason instanceof Error) throw reason
      throw new TrtcError('RequestLimitExceeded', `${action} may be called ${limit.maxPerSec} times a second.`)
    })
  }
}

const inMemory = (action: ActionName, maxPerSec: number) => new RateLimiterMemory({ keyPrefix: action, points: maxPerSec, duration: 1 })

function parseOverride(text: string): [ActionName, number] {
  const [, action = '', count] = /^\s*([A-Za-z]+)\s*=\s*([1-9]\d{0,5})\s*$/.exec(text) ?? []
  if (count !== undefined && isActionName(action)) return [action, Number(count)]
  throw new ConfigError(
    `Setting rateLimits has ${JSON.stringify(text)}: it must be the name of an action, "=", and 1 to 999999 calls a second.`,
  )
}
