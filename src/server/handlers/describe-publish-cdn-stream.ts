// DescribePublishCdnStream: one task.
import { requireApplication } from './applications.ts'
import { describeTask } from './describe-task.ts'
import type { HandlerPorts, Handlers } from './handler.ts'

export const describePublishCdnStream =
  ({ tasks, applications, mixes }: HandlerPorts): Handlers['DescribePublishCdnStream'] =>
  async ({ SdkAppId, TaskId }, { key }) => {
    await requireApplication(applications, SdkAppId, key)
    return { Task: describeTask(await tasks.find(SdkAppId, TaskId), mixes) }
  }
