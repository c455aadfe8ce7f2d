// The vendor's examples as the server under test can take them.
import { createUserSig } from '../../src/trtc/user-sig.ts'
import { changeAt } from '../support/change-at.ts'
import type { ApiUnderTest } from './api-under-test.ts'
import { vendorExample } from './vendor-example.ts'

/** Example `number` with a UserSig of the server's application, and an address where nothing listens. */
export function runnableExample(api: ApiUnderTest, number: number): Record<string, unknown> {
  const userId = 'trtc_partner_test_1'
  const userSig = createUserSig({ sdkAppId: api.sdkAppId, userId, key: api.userSigKey }, Math.floor(Date.now() / 1000), 3600)
  const signed = changeAt(vendorExample(number), 'AgentParams.UserSig', userSig)
  return 'PublishCdnParams' in signed ? changeAt(signed, 'PublishCdnParams.0.PublishCdnUrl', 'rtmp://127.0.0.1:9/live/contract') : signed
}
