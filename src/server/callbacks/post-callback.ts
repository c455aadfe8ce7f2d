// One try to hand an event to its receiver, whatever that receiver does.
import http from 'node:http'
import https from 'node:https'
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent'

const TIMEOUT_MS = 5000

/** Answers are not read for what they say; one of this size still lets the receiver end it in peace. */
const MAX_ANSWER_BYTES = 64 * 1024

export interface PostOptions {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Whether loopback, private and link-local addresses may be told. */
  readonly allowPrivateAddresses: boolean
  readonly signal: AbortSignal
  /** From the look-up of the name to the head of the answer; 5 s. */
  readonly timeoutMs?: number
}

/**
 * Posts a body; resolves with `null` when the answer is 200, else with a sentence that says why this failed and holds
 * nothing of the address. Never follows a redirect. Addresses are judged when the connection is made.
 */
export function postCallback({
  url,
  headers,
  body,
  allowPrivateAddresses,
  signal,
  timeoutMs = TIMEOUT_MS,
}: PostOptions): Promise<string | null> {
  const secure = URL.parse(url)?.protocol === 'https:'
  if (!secure && URL.parse(url)?.protocol !== 'http:') return Promise.resolve('The address is not an http or https one.')
  const deadline = AbortSignal.timeout(timeoutMs)
  return new Promise((resolve) => {
    const failed = (error: NodeJS.ErrnoException): void => resolve(reasonOf(error, deadline.aborted, timeoutMs))
    try {
      const request = (secure ? https : http).request(url, {
        method: 'POST',
        headers: { ...headers, 'Content-Length': String(Buffer.byteLength(body)) },
        agent: allowPrivateAddresses ? false : secure ? new RequestFilteringHttpsAgent() : new RequestFilteringHttpAgent(),
        signal: AbortSignal.any([signal, deadline]),
      })
      request.once('response', (answer) => {
        resolve(
          answer.statusCode === 200 ? null : `It answered ${answer.statusCode}${isRedirect(answer) ? '; redirects are not followed' : ''}.`,
        )
        discard(answer)
      })
      request.on('error', failed)
      request.end(body)
    } catch (error) {
      failed(error as NodeJS.ErrnoException)
    }
  })
}

const isRedirect = ({ statusCode = 0 }: http.IncomingMessage): boolean => statusCode >= 300 && statusCode < 400

/** Ends with the answer, with its 65th kilobyte, or with the deadline. */
function discard(answer: http.IncomingMessage): void {
  let bytes = 0
  answer.on('error', () => {})
  answer.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > MAX_ANSWER_BYTES) answer.destroy()
  })
}

function reasonOf({ code, name, message }: NodeJS.ErrnoException, isLate: boolean, timeoutMs: number): string {
  if (isLate) return `It did not answer within ${timeoutMs / 1000} s.`
  if (name === 'AbortError') return 'The server ended during the try.'
  if (/is not allowed/.test(message)) return 'The address is not a public one.'
  return `The connection failed (${code ?? name}).`
}
