// The administration socket: commands of the operator, for whoever may open a file of the server's own user.
import { rmSync } from 'node:fs'
import type { Server } from 'node:http'
import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { z } from 'zod'
import type { Logger } from '../../log.ts'
import { AdminError, type AdminCommands } from './admin-command.ts'

const MAX_BODY_BYTES = 1 << 20
const OWNER_ONLY = 0o177

const requestSchema = z.strictObject({ command: z.string(), input: z.unknown() })

export interface AdminServerOptions {
  /** Of `adminAddress`. */
  readonly address: string
  readonly commands: AdminCommands
  readonly log: Logger
}

export interface AdminServer {
  /** Idempotent. */
  close(): Promise<void>
}

/**
 * Listens on a unix socket of mode 0600. What a dead server left there is removed: the database's lock says that no
 * other server is alive. `POST /` with `{command, input}` answers `{result}`, or `{error}` with a status of 400 or 500.
 */
export async function startAdminServer({ address, commands, log }: AdminServerOptions): Promise<AdminServer> {
  const app = new Hono()
  app.post('/', bodyLimit({ maxSize: MAX_BODY_BYTES }), async (context) => {
    const request = requestSchema.safeParse(await context.req.json().catch(() => null))
    if (!request.success) return context.json({ error: 'The request must be JSON of command and input.' }, 400)
    const { command: name, input } = request.data
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined
    if (command === undefined) return context.json({ error: `This server does not know the command "${name.slice(0, 64)}".` }, 400)
    try {
      const result = await command(input)
      log.info({ command: name }, 'administration')
      return context.json({ result: result ?? null })
    } catch (error) {
      if (error instanceof AdminError) return context.json({ error: error.message }, 400)
      log.error({ err: error, command: name }, 'fault while administrating')
      return context.json({ error: 'The server failed at this; its log says how.' }, 500)
    }
  })
  const server = createAdaptorServer({ fetch: app.fetch }) as Server
  await listenPrivately(server, address)
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function listenPrivately(server: Server, address: string): Promise<void> {
  if (process.platform !== 'win32') rmSync(address, { force: true })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    // The socket is bound before `listen` returns, so that it never exists with another mode.
    const before = process.umask(OWNER_ONLY)
    try {
      server.listen(address, resolve)
    } finally {
      process.umask(before)
    }
  })
}
