// The vendor's Node SDK for its international site, as far as contract tests use it; it signs in v1 unless told otherwise.
import { createRequire } from 'node:module'
import type { ApiUnderTest } from './api-under-test.ts'
import type { SdkClient, SdkOptions } from './vendor-sdk.ts'

type Callback = (error: Error | null, response: unknown) => void

interface IntlClient {
  request(action: string, request: object, response: object, callback: Callback): void
}

/** A request of the SDK: it takes what its own type knows and drops the rest. */
interface IntlModel {
  from_json_string(json: string): void
}

interface IntlSdk {
  readonly common: {
    readonly Credential: new (secretId: string, secretKey: string, token?: string) => object
    readonly ClientProfile: new () => { signMethod: string; httpProfile: object }
    readonly HttpProfile: new () => { reqMethod: string; endpoint: string; protocol: string }
  }
  readonly trtc: {
    readonly v20190722: {
      readonly Client: new (credential: object, region: string, profile: object) => IntlClient
      readonly Models: Readonly<Record<string, new () => IntlModel>>
    }
  }
}

/** A client of the SDK, changed in nothing but its endpoint; the same calls as the mainland one, for one suite over both. */
export function createIntlSdkClient(api: ApiUnderTest, options: SdkOptions = {}): SdkClient {
  const load = createRequire(new URL('./sdk/package.json', import.meta.url))
  const { common, trtc } = load('tencentcloud-sdk-nodejs-intl-en') as IntlSdk
  const { secretId = api.secretId, secretKey = api.secretKey, token, region = 'ap-guangzhou', signMethod, reqMethod } = options
  const { protocol, host } = new URL(api.url)
  const httpProfile = Object.assign(new common.HttpProfile(), { endpoint: host, protocol: `${protocol}//` }, reqMethod && { reqMethod })
  const profile = Object.assign(new common.ClientProfile(), { httpProfile }, signMethod && { signMethod })
  const client = new trtc.v20190722.Client(new common.Credential(secretId, secretKey, token), region, profile)

  const request = (action: string, parameters: object): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const response = { deserialize: (members: object) => void Object.assign(response, members) }
      client.request(action, parameters, response, (error, answer) => (error === null ? resolve(answer) : reject(error)))
    })
  const typed = (action: string) => async (parameters: unknown) => {
    const Model = trtc.v20190722.Models[`${action}Request`]
    if (Model === undefined) throw new Error(`The SDK has no ${action}.`)
    const model = new Model()
    model.from_json_string(JSON.stringify(parameters))
    return request(action, model) as ReturnType<SdkClient['StartPublishCdnStream']>
  }
  return {
    StartPublishCdnStream: typed('StartPublishCdnStream'),
    UpdatePublishCdnStream: typed('UpdatePublishCdnStream'),
    StopPublishCdnStream: typed('StopPublishCdnStream'),
    request: (action, parameters) => request(action, parameters as object),
  }
}
