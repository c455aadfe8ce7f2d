// StartPublishCdnStream: checks the robot's identity and hands the mix to the tasks.
import { toMixSpec } from '../../trtc/to-mix-spec.ts'
import { requireApplication } from './applications.ts'
import { checkRobot } from './check-robot.ts'
import type { HandlerPorts, Handlers } from './handler.ts'

/** Spec section 3. */
export const startPublishCdnStream =
  ({ tasks, applications, allowRtmps, now }: HandlerPorts): Handlers['StartPublishCdnStream'] =>
  async (request, { requestId, log, key }) => {
    const { spec, warnings } = toMixSpec(request, { allowRtmps })
    checkRobot(spec, await requireApplication(applications, request.SdkAppId, key), now())
    const taskId = await tasks.start(spec, requestId)
    if (warnings.length > 0) log.warn({ taskId, warnings }, 'parameters without effect')
    return { TaskId: taskId }
  }
