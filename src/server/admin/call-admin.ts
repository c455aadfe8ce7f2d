// The other end of the administration socket.
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { AdminError } from './admin-command.ts'

const TIMEOUT_MS = 60_000

const answerSchema = z.union([z.object({ result: z.unknown() }), z.object({ error: z.string() })])

/** Nobody listens at the address: no server runs. */
export class NoServer extends Error {
  constructor(address: string) {
    super(`No server listens on ${address}.`)
    this.name = 'NoServer'
  }
}

/**
 * Has a running server carry out a command.
 * @throws {NoServer} when none runs
 * @throws {AdminError} when it refuses
 */
export async function callAdmin(address: string, command: string, input: unknown): Promise<unknown> {
  const parsed = answerSchema.safeParse(JSON.parse(await post(address, JSON.stringify({ command, input }))))
  if (!parsed.success) throw new Error(`What listens on ${address} does not answer as a server does.`)
  if ('error' in parsed.data) throw new AdminError(parsed.data.error)
  return parsed.data.result
}

function post(address: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        socketPath: address,
        method: 'POST',
        path: '/',
        headers: { 'Content-Type': 'application/json' },
        timeout: TIMEOUT_MS,
        agent: false,
      },
      (response) => void text(response).then(resolve, reject),
    )
    outgoing.once('timeout', () => outgoing.destroy(new Error(`The server did not answer within ${TIMEOUT_MS / 1000} s.`)))
    outgoing.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'ENOENT' || error.code === 'ECONNREFUSED' ? new NoServer(address) : error),
    )
    outgoing.end(body)
  })
}
