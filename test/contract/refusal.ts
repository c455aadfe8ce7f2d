// What a call of an SDK was refused with.
import { expect } from 'vitest'
import type { SdkError } from './vendor-sdk.ts'

/** Fails the test when the call is accepted, or refused without a RequestId. */
export async function refusal(call: Promise<unknown>): Promise<SdkError> {
  return call.then(
    (answer) => expect.fail(`Accepted: ${JSON.stringify(answer)}`),
    (error: SdkError) => {
      expect(error.requestId, error.message).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
      return error
    },
  )
}
