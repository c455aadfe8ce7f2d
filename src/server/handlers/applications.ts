// The applications whose rooms may be mixed.
import { TrtcError } from '../../trtc/errors.ts'
import type { ApiKey } from '../gateway/api-key.ts'

export interface Application {
  /** Secret: signs the application's UserSigs. */
  readonly userSigKey: string
}

export interface Applications {
  /** `null` when there is none such. */
  findApplication(sdkAppId: number): Promise<Application | null>
}

/**
 * The application of a request, if its key has a right to it.
 * @throws {TrtcError} `InvalidParameter.SdkAppId` when there is none such, `AuthFailure.UnauthorizedOperation` without a right
 */
export async function requireApplication(applications: Applications, sdkAppId: number, key: ApiKey): Promise<Application> {
  const application = await applications.findApplication(sdkAppId)
  if (application === null) throw new TrtcError('InvalidParameter.SdkAppId', `SdkAppId ${sdkAppId} is not known.`)
  if (key.applications !== 'all' && !key.applications.includes(sdkAppId)) {
    throw new TrtcError('AuthFailure.UnauthorizedOperation', `The key has no right to SdkAppId ${sdkAppId}.`)
  }
  return application
}
