// What a Start or an Update would make of a task, by the very rules of those actions.
import type { MixSpec } from '../../mix/mix-spec.ts'
import { startPublishCdnStream } from '../../trtc/actions/start-publish-cdn-stream.ts'
import { updatePublishCdnStream } from '../../trtc/actions/update-publish-cdn-stream.ts'
import { invalidParameter, missingParameter } from '../../trtc/parameter-error.ts'
import { parseRequest } from '../../trtc/parse-request.ts'
import { toMixSpec, updateMixSpec } from '../../trtc/to-mix-spec.ts'
import type { IntendedRequest } from '../../trtc/types/intended-request.ts'
import type { ApiKey } from '../gateway/api-key.ts'
import { requireApplication } from './applications.ts'
import { checkRobot } from './check-robot.ts'
import type { HandlerPorts } from './handler.ts'

export interface IntendedMix {
  readonly spec: MixSpec
  readonly warnings: readonly string[]
}

/** The one request that is meant. @throws {TrtcError} unless there is exactly one */
export function requireOneRequest({ Start, Update }: IntendedRequest): void {
  if (Start === undefined && Update === undefined) throw missingParameter('Start', 'there must be Start or Update')
  if (Start !== undefined && Update !== undefined) throw invalidParameter('Update', Update, 'must stay away when there is Start')
}

/**
 * The mix that the request would begin or change to.
 * @param rigour `all`: identities, sequence numbers and room for the task count as well; `picture`: only what it looks like
 * @throws {TrtcError} or {TaskError} as the action would
 */
export async function intendedMix(
  { Start, Update }: IntendedRequest,
  { tasks, applications, allowRtmps, now }: HandlerPorts,
  key: ApiKey,
  rigour: 'all' | 'picture',
): Promise<IntendedMix> {
  if (Start !== undefined) {
    const request = parseRequest(startPublishCdnStream, Start)
    const mix = toMixSpec(request, { allowRtmps })
    const application = await requireApplication(applications, request.SdkAppId, key)
    if (rigour === 'picture') return mix
    checkRobot(mix.spec, application, now())
    await tasks.checkStart(mix.spec)
    return mix
  }
  const request = parseRequest(updatePublishCdnStream, Update)
  const { SdkAppId: appId, TaskId: taskId, SequenceNumber: sequenceNumber } = request
  await requireApplication(applications, appId, key)
  if (rigour === 'picture') return updateMixSpec((await tasks.find(appId, taskId)).spec, request, { allowRtmps })
  let warnings: readonly string[] = []
  const spec = await tasks.checkUpdate(appId, taskId, sequenceNumber, (current) => {
    const result = updateMixSpec(current, request, { allowRtmps })
    warnings = result.warnings
    return result.spec
  })
  return { spec, warnings }
}
