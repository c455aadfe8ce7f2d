// Which errors are answers to the caller, and with which code.
import { TrtcError, type TrtcErrorCode } from '../../trtc/errors.ts'
import { ChildDied } from '../../supervise/child-process.ts'
import { RoomsUnavailable } from '../rtc/rooms-process.ts'
import { TaskError } from '../tasks/tasks.ts'

/** Spec section 7, rules 37 to 39. */
const taskCodes: Record<TaskError['kind'], TrtcErrorCode> = {
  'not-found': 'ResourceNotFound',
  'stale-sequence-number': 'InvalidParameter',
  'over-quota': 'FailedOperation.RestrictedConcurrency',
}

/** The refusal an error stands for; `null` for a fault of ours. */
export function toTrtcError(error: unknown): TrtcError | null {
  if (error instanceof TrtcError) return error
  if (error instanceof RoomsUnavailable || error instanceof ChildDied) return new TrtcError('ServiceUnavailable')
  return error instanceof TaskError ? new TrtcError(taskCodes[error.kind], error.message) : null
}
