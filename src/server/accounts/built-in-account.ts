// The key and the application that the settings have, or that the first start made.
import type { Config } from '../../config.ts'
import type { Secrets } from '../secrets.ts'

/** The keys callers need. */
export interface BuiltInAccount {
  readonly secretId: string
  readonly secretKey: string
  readonly sdkAppId: number
  readonly sdkSecretKey: string
}

export const builtInAccount = (config: Config, secrets: Secrets): BuiltInAccount => ({
  secretId: config.secretId ?? secrets.secretId,
  secretKey: config.secretKey ?? secrets.secretKey,
  sdkAppId: config.sdkAppId,
  sdkSecretKey: config.sdkSecretKey ?? secrets.sdkSecretKey,
})
