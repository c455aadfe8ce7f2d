// StartPublishCdnStream: checks the robot's identity and hands the mix to the tasks.
import { TrtcError } from '../../trtc/errors.ts'
import { toMixSpec } from '../../trtc/to-mix-spec.ts'
import { verifyUserSig } from '../../trtc/user-sig.ts'
import { requireApplication } from './applications.ts'
import type { HandlerPorts, Handlers } from './handler.ts'

/** Spec section 3, rules 35 and 36. */
export const startPublishCdnStream =
  ({ tasks, applications, allowRtmps, now }: HandlerPorts): Handlers['StartPublishCdnStream'] =>
  async (request, { requestId, log, key }) => {
    const { spec, warnings } = toMixSpec(request, { allowRtmps })
    const { userSigKey } = await requireApplication(applications, request.SdkAppId, key)
    const { userId, userSig } = spec.robot
    const check = verifyUserSig(userSig, { sdkAppId: request.SdkAppId, userId, key: userSigKey }, now() / 1000)
    if (!check.ok) throw new TrtcError('InvalidParameter', `AgentParams.UserSig ${check.reason}.`)
    const taskId = await tasks.start(spec, requestId)
    if (warnings.length > 0) log.warn({ taskId, warnings }, 'parameters without effect')
    return { TaskId: taskId }
  }
