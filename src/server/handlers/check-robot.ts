// Whether a task's robot is who it says.
import type { MixSpec } from '../../mix/mix-spec.ts'
import { TrtcError } from '../../trtc/errors.ts'
import { verifyUserSig } from '../../trtc/user-sig.ts'
import type { Application } from './applications.ts'

/**
 * Spec section 7, rules 35 and 36.
 * @param nowMs Unix milliseconds
 * @throws {TrtcError} `InvalidParameter`
 */
export function checkRobot({ room, robot }: MixSpec, { userSigKey }: Application, nowMs: number): void {
  const { userId, userSig } = robot
  const check = verifyUserSig(userSig, { sdkAppId: room.appId, userId, key: userSigKey }, nowMs / 1000)
  if (!check.ok) throw new TrtcError('InvalidParameter', `AgentParams.UserSig ${check.reason}.`)
}
