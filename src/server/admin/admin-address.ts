// Where the administration socket of a data directory is.
import { createHash } from 'node:crypto'
import { join } from 'node:path'

/** A unix socket in the directory; on Windows a named pipe. @param dataDir absolute */
export const adminAddress = (dataDir: string): string =>
  process.platform === 'win32'
    ? `\\\\.\\pipe\\tributary-admin-${createHash('sha256').update(dataDir).digest('hex').slice(0, 32)}`
    : join(dataDir, 'admin.sock')
