import { expect, test } from 'vitest'
import { createRateLimits, type RateLimits } from './rate-limits.ts'

/** How many of `count` calls at once are let through. */
async function passed(limits: RateLimits, account: string, action: Parameters<RateLimits>[1], count: number): Promise<number> {
  const results = await Promise.allSettled(Array.from({ length: count }, () => limits(account, action)))
  return results.filter(({ status }) => status === 'fulfilled').length
}

test('the documented limit holds for every account and every action by itself', async () => {
  const limits = createRateLimits()
  expect(await passed(limits, 'a', 'StopPublishCdnStream', 30)).toBe(20)
  expect(await passed(limits, 'b', 'StopPublishCdnStream', 30)).toBe(20)
  expect(await passed(limits, 'a', 'StartPublishCdnStream', 30)).toBe(20)
  await expect(limits('a', 'StopPublishCdnStream')).rejects.toMatchObject({
    code: 'RequestLimitExceeded',
    message: 'StopPublishCdnStream may be called 20 times a second.',
  })
})

test('a factor moves all limits, but never to nothing; an override moves one, to what it says', async () => {
  const more = createRateLimits({ factor: 2.5, overrides: [' StopPublishCdnStream = 3 '] })
  expect(await passed(more, 'a', 'StartPublishCdnStream', 60)).toBe(50)
  expect(await passed(more, 'a', 'StopPublishCdnStream', 60)).toBe(3)
  expect(await passed(createRateLimits({ factor: 0.001 }), 'a', 'StartPublishCdnStream', 5)).toBe(1)
})

test.each(['Nonsense=3', 'StopPublishCdnStream', 'StopPublishCdnStream=0', 'StopPublishCdnStream=-1', 'StopPublishCdnStream=x', ''])(
  'the override %j is refused with what it must be',
  (override) => {
    expect(() => createRateLimits({ overrides: [override] })).toThrow(
      `Setting rateLimits has ${JSON.stringify(override)}: it must be the name`,
    )
  },
)

test('a limiter of another kind counts in its place, and its failure is not the caller’s', async () => {
  const counted: string[] = []
  const limits = createRateLimits({
    createLimiter: (action, maxPerSec) => ({
      consume: async (key: string | number) => {
        counted.push(`${action} ${maxPerSec} ${key}`)
        throw new Error('no connection')
      },
    }),
  })
  await expect(limits('a', 'StartPublishCdnStream')).rejects.toThrow(/^no connection$/)
  expect(counted).toEqual(['StartPublishCdnStream 20 a'])
})
