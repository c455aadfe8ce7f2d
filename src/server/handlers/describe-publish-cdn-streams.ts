// DescribePublishCdnStreams: the tasks of an application, or of all that the key has a right to.
import { describeTask } from './describe-task.ts'
import type { HandlerPorts, Handlers } from './handler.ts'
import { usageApplications } from './usage-applications.ts'

const defaultLimit = 20

export const describePublishCdnStreams =
  ({ tasks, applications, mixes }: HandlerPorts): Handlers['DescribePublishCdnStreams'] =>
  async ({ SdkAppId, States, Offset = 0, Limit = defaultLimit }, { key }) => {
    const selection = await usageApplications(applications, SdkAppId, key)
    const found = (await tasks.list()).filter(
      ({ spec, state }) => (selection === 'all' || selection.includes(spec.room.appId)) && (States === undefined || States.includes(state)),
    )
    return { Total: found.length, Tasks: found.slice(Offset, Offset + Limit).map((task) => describeTask(task, mixes)) }
  }
