// The one logger. Children write to the same standard output, each line naming its process.
import { pino, type Logger } from 'pino'

export type { Logger }

/** Paths that never reach a log line, wherever an object carries them. */
const secretPaths = [
  'userSig',
  'secretKey',
  'sdkSecretKey',
  'masterKey',
  'authorization',
  'Authorization',
  'UserSig',
  'userSigKey',
  'callbackKey',
  'token',
  'password',
]

/** A logger for one process; `level` as in pino. */
export const createLogger = (processName: string, level: string): Logger =>
  pino({
    level,
    base: { process: processName, pid: process.pid },
    redact: { paths: secretPaths.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[secret]' },
  })
