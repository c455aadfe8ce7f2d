// UpdatePublishCdnStream: changes a running task's mix.
import { updateMixSpec } from '../../trtc/to-mix-spec.ts'
import { requireApplication } from './applications.ts'
import type { HandlerPorts, Handlers } from './handler.ts'

/** Spec section 4. */
export const updatePublishCdnStream =
  ({ tasks, applications, allowRtmps }: HandlerPorts): Handlers['UpdatePublishCdnStream'] =>
  async (request, { requestId, log, key }) => {
    const { SdkAppId: appId, TaskId: taskId, SequenceNumber: sequenceNumber } = request
    await requireApplication(applications, appId, key)
    let warnings: readonly string[] = []
    await tasks.update(
      appId,
      taskId,
      sequenceNumber,
      (current) => {
        const result = updateMixSpec(current, request, { allowRtmps })
        warnings = result.warnings
        return result.spec
      },
      requestId,
    )
    if (warnings.length > 0) log.warn({ taskId, warnings }, 'parameters without effect')
    return { TaskId: taskId }
  }
