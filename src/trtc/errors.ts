// The catalogue of error codes the API answers with, and the one error that carries them.

interface CatalogueEntry {
  /** Answered when the place of failure has nothing better to say. */
  readonly message: string
  /** For the documentation: when a caller meets this code. */
  readonly meaning: string
  /** The message in Chinese. */
  readonly chinese: string
}

const entry = (message: string, meaning: string, chinese: string): CatalogueEntry => ({ message, meaning, chinese })

/** Every code that can occur, with its default message and its meaning. */
export const errorCatalogue = {
  'AuthFailure.InvalidAuthorization': entry(
    'The Authorization header is malformed.',
    'Authorization is not a TC3-HMAC-SHA256 header',
    '请求头部的 Authorization 格式错误。',
  ),
  'AuthFailure.SecretIdNotFound': entry('The SecretId is not known.', 'key unknown, deleted or disabled', 'SecretId 不存在。'),
  'AuthFailure.SignatureExpire': entry(
    'The timestamp is more than five minutes off.',
    'clock of the caller wrong, or request sent too late',
    '签名过期：时间戳与服务器时间相差不得超过五分钟。',
  ),
  'AuthFailure.SignatureFailure': entry(
    'The provided credentials could not be validated. Please check your signature is correct.',
    'signature mismatch',
    '签名错误，请检查签名的计算过程。',
  ),
  'AuthFailure.TokenFailure': entry(
    'The token does not belong to the SecretId.',
    'temporary token wrong, missing or expired',
    'Token 错误。',
  ),
  'AuthFailure.UnauthorizedOperation': entry('The key has no right to this.', 'key without a right to the application', '请求未授权。'),
  'FailedOperation.RestrictedConcurrency': entry(
    'No more tasks can run now.',
    'task quota reached or all machines full',
    '并发任务数已达上限。',
  ),
  'FailedOperation.RoomNotExist': entry('There is no such room.', 'nobody is in the room', '房间不存在。'),
  'FailedOperation.UserNotExist': entry('There is no such user in the room.', 'user not in the room', '用户不存在。'),
  InternalError: entry(
    'An internal error occurred; the log names it under this RequestId.',
    'fault of the service',
    '内部错误，日志中以此 RequestId 记录。',
  ),
  InvalidAction: entry('There is no such action.', 'action unknown', '接口不存在。'),
  InvalidParameter: entry('A parameter is invalid.', 'wrong type, format or value, or parameters that contradict each other', '参数错误。'),
  'InvalidParameter.EndTs': entry('EndTime is invalid.', 'no Unix seconds, or before StartTime', '结束时间错误。'),
  'InvalidParameter.PageNumber': entry('PageNumber is invalid.', 'page below 0', '页码错误。'),
  'InvalidParameter.PageSize': entry('PageSize is invalid.', 'page size below 1', '每页个数错误。'),
  'InvalidParameter.PageSizeOversize': entry('PageSize is too large.', 'page size above 100', '每页个数超过限制。'),
  'InvalidParameter.QueryScaleOversize': entry(
    'The span is too long.',
    'EndTime too far behind StartTime: 24 hours for rooms, 4 for users',
    '查询时间范围超过限制。',
  ),
  'InvalidParameter.RoomId': entry('RoomId is invalid.', 'no room of the kind that the action takes', '房间号错误。'),
  'InvalidParameter.SdkAppId': entry('SdkAppId is not known.', 'application unknown', 'SdkAppId 错误。'),
  'InvalidParameter.StartTs': entry('StartTime is invalid.', 'no Unix seconds', '开始时间错误。'),
  'InvalidParameter.StartTsOversize': entry('StartTime is too long ago.', 'StartTime more than 14 days ago', '开始时间超过查询范围。'),
  'InvalidParameter.UserId': entry('UserId is invalid.', 'no UserId', '用户 ID 错误。'),
  'InvalidParameter.UserIds': entry(
    'UserIds is invalid.',
    'no users, more than 10 to remove, or one that is no UserId',
    '用户 ID 列表错误。',
  ),
  'InvalidParameter.UserIdsMorethanSix': entry('There are too many UserIds.', 'more than 100 users asked for', '用户 ID 数量超过限制。'),
  InvalidRequest: entry('The request could not be read.', 'body of a kind that no action takes, or broken off', '请求无法读取。'),
  MissingParameter: entry('A required parameter is missing.', 'required parameter absent', '缺少参数。'),
  NoSuchVersion: entry('There is no such API version.', 'version unknown', '接口版本不存在。'),
  RequestLimitExceeded: entry('Too many requests a second.', 'rate limit of the action', '请求的次数超过了频率限制。'),
  RequestSizeLimitExceeded: entry(
    'The request is too large.',
    'GET over 32 KB, POST over 10 MB, or over 1 MB when signed in v1',
    '请求包超过限制大小。',
  ),
  ResourceNotFound: entry(
    'There is no such task.',
    'task unknown, ended, of another application, or started over 30 days ago',
    '任务不存在。',
  ),
  ServiceUnavailable: entry('The rooms are restarting; try again.', 'rooms process restarting', '服务暂时不可用，请稍后重试。'),
  UnknownParameter: entry('A parameter is not defined.', 'the action does not define the parameter', '未知参数。'),
  UnsupportedOperation: entry(
    'The operation is not supported.',
    'valid request for what this release, or this task, cannot do',
    '操作不支持。',
  ),
  UnsupportedProtocol: entry(
    'Only GET and POST are supported.',
    'HTTP method other than GET and POST',
    'HTTP(S) 请求协议错误，只支持 GET 和 POST 请求。',
  ),
  UnsupportedRegion: entry('The region is not supported.', 'region unknown', '不支持该地域。'),
} as const satisfies Record<string, CatalogueEntry>

export type TrtcErrorCode = keyof typeof errorCatalogue

/** A language of messages, as `X-TC-Language` names it. */
export type Language = 'en-US' | 'zh-CN'

/** A refusal for the caller. The message reaches the caller and the log, so it never holds a secret. */
export class TrtcError extends Error {
  readonly code: TrtcErrorCode
  readonly #detail: string | null

  /** @param detail what this failure has to say beyond the catalogue, in English */
  constructor(code: TrtcErrorCode, detail: string | null = null) {
    super(detail ?? errorCatalogue[code].message)
    this.name = 'TrtcError'
    this.code = code
    this.#detail = detail
  }

  /** The message for a caller of that language; parameters and their rules are named in English behind a lead in Chinese. */
  messageIn(language: Language): string {
    if (language === 'en-US') return this.message
    const lead = errorCatalogue[this.code].chinese
    return this.#detail === null ? lead : `${lead} ${this.#detail}`
  }
}
