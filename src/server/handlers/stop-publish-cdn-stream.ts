// StopPublishCdnStream: ends a task.
import { unsupportedParameter } from '../../trtc/parameter-error.ts'
import { requireApplication } from './applications.ts'
import type { HandlerPorts, Handlers } from './handler.ts'

/** Spec section 5. */
export const stopPublishCdnStream =
  ({ tasks, applications }: HandlerPorts): Handlers['StopPublishCdnStream'] =>
  async ({ SdkAppId, TaskId, RecordKey }, { requestId, key }) => {
    if (RecordKey !== undefined) throw unsupportedParameter('RecordKey', 'recording is not supported yet')
    await requireApplication(applications, SdkAppId, key)
    await tasks.stop(SdkAppId, TaskId, requestId)
    return { TaskId }
  }
