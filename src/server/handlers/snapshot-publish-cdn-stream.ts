// SnapshotPublishCdnStream: what a task's canvas shows now.
import { unsupportedParameter } from '../../trtc/parameter-error.ts'
import { encodePng } from '../layout-picture/encode-png.ts'
import { TaskError } from '../tasks/tasks.ts'
import { requireApplication } from './applications.ts'
import type { HandlerPorts, Handlers } from './handler.ts'

export const snapshotPublishCdnStream =
  ({ tasks, applications, mixes }: HandlerPorts): Handlers['SnapshotPublishCdnStream'] =>
  async ({ SdkAppId, TaskId }, { key }) => {
    await requireApplication(applications, SdkAppId, key)
    const { spec, state } = await tasks.find(SdkAppId, TaskId)
    if (state === 'ended') throw new TaskError('not-found', `Task ${TaskId} has ended.`)
    if (spec.video === null) throw unsupportedParameter('TaskId', 'the task has no picture')
    const picture = await mixes.snapshot(TaskId)
    if (picture === null) throw unsupportedParameter('TaskId', 'no engine of this server mixes the task now; try again')
    return { Image: (await encodePng(picture)).toString('base64'), Width: picture.widthPx, Height: picture.heightPx }
  }
