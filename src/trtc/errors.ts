// The catalogue of error codes the API answers with, and the one error that carries them.

interface CatalogueEntry {
  /** Answered when the place of failure has nothing better to say. */
  readonly message: string
  /** For the documentation: when a caller meets this code. */
  readonly meaning: string
}

const entry = (message: string, meaning: string): CatalogueEntry => ({ message, meaning })

/** Every code that can occur, with its default message and its meaning. */
export const errorCatalogue = {
  'AuthFailure.InvalidAuthorization': entry('The Authorization header is malformed.', 'Authorization is not a TC3-HMAC-SHA256 header'),
  'AuthFailure.SecretIdNotFound': entry('The SecretId is not known.', 'key unknown, deleted or disabled'),
  'AuthFailure.SignatureExpire': entry(
    'The timestamp is more than five minutes off.',
    'clock of the caller wrong, or request sent too late',
  ),
  'AuthFailure.SignatureFailure': entry(
    'The provided credentials could not be validated. Please check your signature is correct.',
    'signature mismatch',
  ),
  'AuthFailure.TokenFailure': entry('The token does not belong to the SecretId.', 'temporary token wrong, missing or expired'),
  'AuthFailure.UnauthorizedOperation': entry('The key has no right to this.', 'key without a right to the application'),
  'FailedOperation.RestrictedConcurrency': entry('No more tasks can run now.', 'task quota reached or all machines full'),
  InternalError: entry('An internal error occurred; the log names it under this RequestId.', 'fault of the service'),
  InvalidAction: entry('There is no such action.', 'action unknown'),
  InvalidParameter: entry('A parameter is invalid.', 'wrong type, format or value, or parameters that contradict each other'),
  'InvalidParameter.SdkAppId': entry('SdkAppId is not known.', 'application unknown'),
  InvalidRequest: entry('The request could not be read.', 'body of a kind that no action takes, or broken off'),
  MissingParameter: entry('A required parameter is missing.', 'required parameter absent'),
  NoSuchVersion: entry('There is no such API version.', 'version unknown'),
  RequestLimitExceeded: entry('Too many requests a second.', 'rate limit of the action'),
  RequestSizeLimitExceeded: entry('The request is too large.', 'GET over 32 KB, POST over 10 MB'),
  ResourceNotFound: entry('There is no such task.', 'task unknown, ended, of another application, or started over 30 days ago'),
  UnknownParameter: entry('A parameter is not defined.', 'the action does not define the parameter'),
  UnsupportedOperation: entry('The operation is not supported.', 'valid request for what this release, or this task, cannot do'),
  UnsupportedProtocol: entry('Only GET and POST are supported.', 'HTTP method other than GET and POST'),
  UnsupportedRegion: entry('The region is not supported.', 'region unknown'),
} as const satisfies Record<string, CatalogueEntry>

export type TrtcErrorCode = keyof typeof errorCatalogue

/** A refusal for the caller. The message reaches the caller and the log, so it never holds a secret. */
export class TrtcError extends Error {
  readonly code: TrtcErrorCode

  constructor(code: TrtcErrorCode, message: string = errorCatalogue[code].message) {
    super(message)
    this.name = 'TrtcError'
    this.code = code
  }
}
