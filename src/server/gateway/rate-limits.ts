// How often an account may call an action.
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { actions, type ActionName } from '../../trtc/actions/actions.ts'
import { TrtcError } from '../../trtc/errors.ts'

/** Counts a call; rejects with `RequestLimitExceeded` beyond the action's limit. */
export type RateLimits = (accountId: string, action: ActionName) => Promise<void>

/** Limits of this process, counted per account and action in windows of a second (spec section 1.7). */
export function createRateLimits(): RateLimits {
  const limiters = new Map(
    Object.entries(actions).map(([name, { maxPerSec }]) => [
      name,
      new RateLimiterMemory({ keyPrefix: name, points: maxPerSec, duration: 1 }),
    ]),
  )
  return async (accountId, action) => {
    await limiters
      .get(action)
      ?.consume(accountId)
      .catch(() => {
        throw new TrtcError('RequestLimitExceeded', `${action} may be called ${actions[action].maxPerSec} times a second.`)
      })
  }
}
