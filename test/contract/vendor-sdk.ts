// The vendor's Node SDK for its mainland site, as far as contract tests use it.
import { createRequire } from 'node:module'
import type { ApiUnderTest } from './api-under-test.ts'

/** What the SDK throws when the server refuses. */
export interface SdkError extends Error {
  readonly code: string
  readonly requestId: string
}

type SdkCall = (parameters: unknown) => Promise<{ readonly TaskId: string; readonly RequestId: string }>

export interface SdkClient {
  readonly StartPublishCdnStream: SdkCall
  readonly UpdatePublishCdnStream: SdkCall
  readonly StopPublishCdnStream: SdkCall
  /** Any action by name. */
  request(action: string, parameters: unknown): Promise<unknown>
}

export interface SdkOptions {
  readonly secretId?: string
  readonly secretKey?: string
  readonly token?: string
  readonly region?: string
  readonly signMethod?: 'TC3-HMAC-SHA256' | 'HmacSHA1' | 'HmacSHA256'
  readonly reqMethod?: 'GET' | 'POST'
}

type SdkClientClass = new (configuration: object) => SdkClient

/** A client of the SDK, changed in nothing but its endpoint, as a user of the vendor's service would set it. */
export function createSdkClient(api: ApiUnderTest, options: SdkOptions = {}): SdkClient {
  const load = createRequire(new URL('./sdk/package.json', import.meta.url))
  const { trtc } = load('tencentcloud-sdk-nodejs/tencentcloud/services/trtc') as { trtc: { v20190722: { Client: SdkClientClass } } }
  const { secretId = api.secretId, secretKey = api.secretKey, token, region = 'ap-guangzhou', signMethod, reqMethod = 'POST' } = options
  const { protocol, host } = new URL(api.url)
  return new trtc.v20190722.Client({
    credential: { secretId, secretKey, token },
    region,
    profile: { signMethod, httpProfile: { endpoint: host, protocol: `${protocol}//`, reqMethod } },
  })
}
