// Whose usage a query is about.
import type { AppSelection } from '../../store/usage-store.ts'
import type { ApiKey } from '../gateway/api-key.ts'
import { requireApplication, type Applications } from './applications.ts'

/**
 * The named application, or all that the key has a right to.
 * @throws {TrtcError} as `requireApplication`
 */
export async function usageApplications(applications: Applications, sdkAppId: number | undefined, key: ApiKey): Promise<AppSelection> {
  if (sdkAppId === undefined) return key.applications
  await requireApplication(applications, sdkAppId, key)
  return [sdkAppId]
}
