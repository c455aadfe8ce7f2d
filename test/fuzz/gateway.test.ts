// Requests that nobody would write: every one is answered, none with a fault of ours, and nothing is kept of them.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { errorCatalogue } from '../../src/trtc/errors.ts'
import { signer } from '../support/gateway-under-test.ts'
import { fuzzedGateway, maxTasks, seed } from './fuzzed-gateway.ts'
import { mutated, mutations } from './mutated-value.ts'
import { validCalls } from './valid-body.ts'
import { wireRequest, wires } from './wire-request.ts'

const warmUpRuns = 5000
const furtherRuns = 15_000
const maxGrowthBytes = 3_000_000
const codes: ReadonlySet<string> = new Set(Object.keys(errorCatalogue))

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** With nothing but what is held. */
function heapBytes(): number {
  collectGarbage()
  collectGarbage()
  return process.memoryUsage().heapUsed
}

test('20 000 requests, made from the schemas and then damaged', async () => {
  const rejections: unknown[] = []
  const onRejection = (reason: unknown) => void rejections.push(reason)
  process.on('unhandledRejection', onRejection)
  onTestFinished(() => void process.off('unhandledRejection', onRejection))

  const { app, tasks } = fuzzedGateway()
  const seen = new Map<string, number>()
  const property = fc
    .asyncProperty(validCalls, mutations, wires, async ({ action, body }, changes, wire) => {
      const answer = await app.request(await wireRequest(action, mutated(body, changes), wire))
      expect(answer.status).toBe(200)
      const { Response: response } = (await answer.json()) as { Response: { RequestId: string; Error?: { Code: string; Message: string } } }
      expect(response.RequestId).toHaveLength(36)
      const { Code: code, Message: message } = response.Error ?? { Code: 'ok', Message: 'ok' }
      seen.set(code, (seen.get(code) ?? 0) + 1)
      if (code !== 'ok') expect(codes).toContain(code)
      expect(code).not.toBe('InternalError')
      expect(message).not.toBe('')
      expect(message).not.toContain(signer.secretKey)
    })
    .beforeEach(() => {
      if (tasks.held.size === maxTasks) tasks.held.clear()
    })
  const run = (numRuns: number, offset: number) =>
    fc.assert(property, { numRuns, seed: seed + offset, interruptAfterTimeLimit: 110_000, markInterruptAsFailure: true })

  await run(warmUpRuns, 0)
  const before = heapBytes()
  await run(furtherRuns, 1)
  const growth = heapBytes() - before

  expect(rejections).toEqual([])
  expect(growth).toBeLessThan(maxGrowthBytes)
  // What was made went as deep as the handlers, and into every common check.
  const expected = [
    'ok',
    'MissingParameter',
    'UnknownParameter',
    'InvalidParameter',
    'UnsupportedOperation',
    'InvalidRequest',
    'InvalidAction',
  ]
  const authFailures = ['SignatureFailure', 'SignatureExpire', 'InvalidAuthorization', 'TokenFailure', 'SecretIdNotFound']
  const common = ['NoSuchVersion', 'UnsupportedRegion', 'ResourceNotFound', 'RequestSizeLimitExceeded', 'InvalidParameter.SdkAppId']
  expect([...seen.keys()]).toEqual(expect.arrayContaining([...expected, ...common, ...authFailures.map((code) => `AuthFailure.${code}`)]))
})
