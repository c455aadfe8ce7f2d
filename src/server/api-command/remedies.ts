// What a person can do about a refusal.
import type { TrtcErrorCode } from '../../trtc/errors.ts'
import { actions } from '../../trtc/actions/actions.ts'

/** By code, or by what stands before its dot. */
const remedies: Readonly<Partial<Record<TrtcErrorCode | 'AuthFailure' | 'FailedOperation', string>>> = {
  AuthFailure: 'check --secret-id and --secret-key, or name the right --data-dir.',
  'AuthFailure.SignatureExpire': 'set the clock of this machine.',
  'AuthFailure.TokenFailure': 'give the --token of the temporary key, or make another with tributary key create.',
  'AuthFailure.UnauthorizedOperation': 'use a key with a right to the application; tributary key list shows them.',
  FailedOperation: 'DescribeRoomInfo shows which rooms there are.',
  'FailedOperation.RestrictedConcurrency': 'end a task (DescribePublishCdnStreams lists them), or raise maxTasks or capacity.',
  InternalError: 'look for the RequestId in the log of the server.',
  InvalidAction: `call one of ${Object.keys(actions).join(', ')}.`,
  'InvalidParameter.SdkAppId': 'tributary app list shows the applications there are.',
  RequestLimitExceeded: 'wait a second.',
  ResourceNotFound: 'DescribePublishCdnStreams lists the tasks there are.',
  UnsupportedOperation: 'leave the parameter away; CHANGELOG.md lists what this release does not do.',
}

export function remedyFor(code: string, action: string): string {
  const known: Readonly<Record<string, string | undefined>> = remedies
  return known[code] ?? known[code.split('.')[0] ?? ''] ?? `see docs/reference/${action}.md.`
}
