// Where a request came from.
import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'

/**
 * The peer's address; behind a proxy on this machine, what the proxy says it was (the last entry of X-Forwarded-For,
 * which is the proxy's own). `null` without a connection.
 */
export function clientAddress(context: Context): string | null {
  const peer = (context.env as Partial<HttpBindings> | undefined)?.incoming?.socket.remoteAddress?.replace(/^::ffff:/, '')
  if (peer === undefined) return null
  const isLocal = peer === '::1' || peer.startsWith('127.')
  const forwarded = isLocal ? context.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() : undefined
  return forwarded === undefined || forwarded === '' ? peer : forwarded.slice(0, 64)
}
