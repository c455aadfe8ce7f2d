// PausePublishCdnStream and ResumePublishCdnStream.
import { requireApplication } from './applications.ts'
import type { HandlerPorts, Handlers } from './handler.ts'

/** @param isPaused what the outputs are to be afterwards */
export const pausePublishCdnStream =
  ({ tasks, applications }: HandlerPorts, isPaused: boolean): Handlers['PausePublishCdnStream'] =>
  async ({ SdkAppId, TaskId }, { requestId, key }) => {
    await requireApplication(applications, SdkAppId, key)
    await tasks.setPaused(SdkAppId, TaskId, isPaused, requestId)
    return { TaskId }
  }
