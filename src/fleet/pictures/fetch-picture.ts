// Fetches the picture behind a user's URL without letting that URL reach what it should not.
import got, { HTTPError, MaxRedirectsError, RequestError, TimeoutError, type ExtendOptions } from 'got'
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent'
import type { Picture } from '../../engine/ipc.ts'
import { decodePicture, UnusablePicture } from './decode-picture.ts'
import { PictureError } from './picture-error.ts'

const maxBytes = 5 * 1024 * 1024
const maxRedirects = 5
/** Attempts after the first (relay-api.md section 9). */
const maxRetries = 3
/** All that a URL may be made of (relay-api.md section 9). */
const allowedCharacters = /^[0-9a-zA-Z\-._~:/?#[\]@!&()*+,%=;|]*$/

export interface FetchPictureOptions {
  /** Whether loopback, private and link-local addresses may be asked. */
  readonly allowPrivateAddresses: boolean
  readonly signal?: AbortSignal
  /** Longest wait for one attempt; 10 s. */
  readonly attemptTimeoutMs?: number
  /** Pause before retry number `retry` (from 1); 1, 2 and 4 s. */
  readonly pauseMs?: (retry: number) => number
}

/**
 * Fetches and decodes the PNG or JPEG file behind an http or https URL: at most 5 MB and
 * 2560 x 1440 pixels (relay-api.md section 9). Addresses are judged when a connection is made, so
 * neither literals, redirects nor names that change their address get around the rule.
 * @throws {PictureError} once nothing more can be tried; its message hides path and query
 */
export async function fetchPicture(url: string, options: FetchPictureOptions): Promise<Picture> {
  const scheme = URL.parse(url)?.protocol
  if (scheme !== 'http:' && scheme !== 'https:') throw new PictureError(url, 'its URL must be an http or https one')
  if (!allowedCharacters.test(url)) throw new PictureError(url, 'its URL contains a character that is not allowed')
  try {
    return await decodePicture(await download(url, options))
  } catch (error) {
    options.signal?.throwIfAborted()
    if (error instanceof UnusablePicture) throw new PictureError(url, error.message, error)
    throw new PictureError(url, reasonOf(error, options.attemptTimeoutMs ?? defaultAttemptTimeoutMs), error)
  }
}

const defaultAttemptTimeoutMs = 10_000
const defaultPauseMs = (retry: number): number => 1000 * 2 ** (retry - 1)

async function download(url: string, options: FetchPictureOptions): Promise<Buffer> {
  const { allowPrivateAddresses, signal, attemptTimeoutMs = defaultAttemptTimeoutMs, pauseMs = defaultPauseMs } = options
  const tooLarge = new AbortController()
  const agents: ExtendOptions['agent'] = { http: new RequestFilteringHttpAgent(), https: new RequestFilteringHttpsAgent() }
  const request = got(url, {
    responseType: 'buffer',
    // A compressed answer could unfold to any size.
    decompress: false,
    headers: { 'user-agent': 'Tributary', accept: 'image/png, image/jpeg' },
    timeout: { request: attemptTimeoutMs },
    maxRedirects,
    retry: {
      limit: maxRetries,
      methods: ['GET'],
      maxRetryAfter: attemptTimeoutMs,
      calculateDelay: ({ attemptCount }) => Math.max(1, pauseMs(attemptCount)),
    },
    signal: signal === undefined ? tooLarge.signal : AbortSignal.any([signal, tooLarge.signal]),
    ...(allowPrivateAddresses ? {} : { agent: agents }),
  })
  void request.on('downloadProgress', ({ transferred, total }) => {
    if (transferred > maxBytes || (total ?? 0) > maxBytes) tooLarge.abort()
  })
  try {
    const { body } = await request
    if (body.length > maxBytes) tooLarge.abort()
    tooLarge.signal.throwIfAborted()
    return Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  } catch (error) {
    if (tooLarge.signal.aborted) throw new UnusablePicture(`it may be ${maxBytes / 1024 / 1024} MB large at most`)
    throw error
  }
}

/** Half a sentence without the URL, which the library's own messages contain. */
function reasonOf(error: unknown, attemptTimeoutMs: number): string {
  if (error instanceof HTTPError) return `the server answered ${error.response.statusCode}`
  if (error instanceof TimeoutError) return `the server did not deliver it within ${attemptTimeoutMs / 1000} s`
  if (error instanceof MaxRedirectsError) return `it is redirected more than ${maxRedirects} times`
  if (error instanceof RequestError && /is not allowed/.test(error.message)) return 'its address is not a public one'
  return `the connection failed (${error instanceof RequestError ? error.code : 'unknown reason'})`
}
