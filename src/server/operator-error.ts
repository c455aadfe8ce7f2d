// Errors that the person at the command line can set right: their message is all that helps.
import { ConfigError } from '../config.ts'
import { StoreError } from '../store/store-error.ts'
import { AdminError } from './admin/admin-command.ts'

const listenCodes = ['EADDRINUSE', 'EADDRNOTAVAIL', 'EACCES']

/** Settings, a database in use or under another key, a refused command, a port that cannot be had. */
export function isOperatorError(error: unknown): error is Error {
  if (error instanceof ConfigError || error instanceof StoreError || error instanceof AdminError) return true
  const { code, syscall } = (error instanceof Error ? error : {}) as NodeJS.ErrnoException
  return syscall === 'listen' && listenCodes.includes(code ?? '')
}
