// The applications whose rooms may be mixed.
import { TrtcError } from '../../trtc/errors.ts'

export interface Application {
  /** Secret: signs the application's UserSigs. */
  readonly userSigKey: string
}

export interface Applications {
  findApplication(sdkAppId: number): Application | undefined
}

/** @throws {TrtcError} `InvalidParameter.SdkAppId` */
export function requireApplication(applications: Applications, sdkAppId: number): Application {
  const application = applications.findApplication(sdkAppId)
  if (application === undefined) throw new TrtcError('InvalidParameter.SdkAppId', `SdkAppId ${sdkAppId} is not known.`)
  return application
}
