// Bodies of every action: made from its schema, and some that are known to be accepted.
import fc from 'fast-check'
import { z } from 'zod'
import { actions, type ActionName } from '../../src/trtc/actions/actions.ts'
import { vendorExample } from '../contract/vendor-example.ts'
import { changeAt } from '../support/change-at.ts'
import { testApplication } from '../support/fake-ports.ts'
import { startBody, stopBody, userSig } from '../support/gateway-under-test.ts'
import { arbitraryOf, type ArbitrariesByName, type JsonSchema } from './arbitrary-of-schema.ts'

export interface Call {
  readonly action: ActionName
  readonly body: unknown
}

const sometimes = <Value>(usual: fc.Arbitrary<Value>, other: fc.Arbitrary<Value>) =>
  fc.oneof({ weight: 9, arbitrary: usual }, { weight: 1, arbitrary: other })

/** What schemas cannot say. */
const named: ArbitrariesByName = {
  SdkAppId: sometimes(fc.constant(testApplication.sdkAppId), fc.integer({ min: 1, max: 4294967295 })),
  TaskId: sometimes(fc.constantFrom('task-1', 'task-2'), fc.string({ minLength: 1, maxLength: 128 })),
  RoomId: sometimes(fc.constantFrom('295066', '1', '4294967294'), fc.string({ maxLength: 70 })),
  UserSig: sometimes(fc.constant(userSig('mix_295066')), fc.string()),
  PublishCdnUrl: sometimes(
    fc.nat(1000).map((n) => `rtmp://cdn.example.com/live/${n}`),
    fc.webUrl(),
  ),
}

const robot = { UserId: 'mix_295066', UserSig: userSig('mix_295066') }

const accepted: readonly Call[] = [
  { action: 'StartPublishCdnStream', body: startBody() },
  ...[1, 2].map((number) => ({
    action: 'StartPublishCdnStream' as const,
    body: changeAt(vendorExample(number), 'AgentParams', robot),
  })),
  { action: 'UpdatePublishCdnStream', body: { ...stopBody(), SequenceNumber: 1, WithTranscoding: 1 } },
  { action: 'StopPublishCdnStream', body: stopBody() },
]

const generated = (Object.keys(actions) as ActionName[]).map((action) => {
  const schema = z.toJSONSchema(actions[action].schema as z.ZodType, { io: 'output', unrepresentable: 'any' }) as JsonSchema
  return arbitraryOf(schema, named).map((body): Call => ({ action, body }))
})

/** Calls that pass their schema, unless a pattern or bound stands outside it. */
export const validCalls: fc.Arbitrary<Call> = fc.oneof(fc.constantFrom(...accepted), fc.oneof(...generated))
