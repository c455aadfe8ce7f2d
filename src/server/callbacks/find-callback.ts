// Where the events of an application go, as a port.
import type { Callback, CallbackFamily } from '../../store/application-store.ts'

/** `null`: nobody wants to hear of them. */
export type FindCallback = (appId: number, family: CallbackFamily) => Promise<Callback | null>

/** The settings of the application that the settings have. */
export interface BuiltInCallback {
  readonly sdkAppId: number
  readonly callbackUrl?: string | undefined
  readonly callbackKey?: string | undefined
}

/** That application's events go where the settings say, unless the database names another place. */
export function withBuiltInCallback(find: FindCallback, { sdkAppId, callbackUrl, callbackKey }: BuiltInCallback): FindCallback {
  const builtIn = callbackUrl === undefined ? null : { url: callbackUrl, key: callbackKey ?? null }
  return async (appId, family) => (await find(appId, family)) ?? (appId === sdkAppId ? builtIn : null)
}
