// Who may enter a room, and for what: the UserSig, and the privileges in it where the application asks for them.
import type { UserRef } from '../../mix/room.ts'
import { grantsOf } from '../../trtc/private-map-key.ts'
import type { UserSigCheck } from '../../trtc/user-sig.ts'
import type { Verdict } from './rtc-routes.ts'

export interface AdmissionOptions {
  readonly verify: (user: UserRef, userSig: string) => Promise<UserSigCheck>
  readonly findApplication: (sdkAppId: number) => Promise<{ readonly requiresPrivileges: boolean } | null>
  /** Unix milliseconds. */
  readonly now: () => number
}

/**
 * For people only: robots, whose parameters have no room for privileges, are admitted by their UserSig alone
 * (spec section 2). What privileges say holds when a session begins; an expiry later on does not end it.
 */
export function createAdmission({ verify, findApplication, now }: AdmissionOptions) {
  return async (user: UserRef, userSig: string): Promise<Verdict> => {
    const check = await verify(user, userSig)
    if (!check.ok) return check
    const application = await findApplication(user.room.appId)
    return application?.requiresPrivileges === true ? grantsOf(check.userBuf, user, now() / 1000) : { ok: true }
  }
}
