// A request as bytes off the wire, within the size limits.
import { TrtcError } from '../../trtc/errors.ts'
import { tc3Algorithm } from '../../trtc/signature/tc3.ts'

const maxQueryBytes = 32 * 1024
/** Of what v3 signs, and of everything else. */
const maxBodyBytes = { v3: 10 * 1024 * 1024, v1: 1024 * 1024 }

/** An API request before anything in it is believed. */
export interface WireRequest {
  readonly method: 'GET' | 'POST'
  /** Raw text after `?`. */
  readonly query: string
  /** Trimmed; `undefined` when absent or empty. */
  readonly header: (name: string) => string | undefined
  readonly body: Uint8Array
}

/**
 * Reads a request; a body that grows beyond the limit is not read further.
 * @param target request target as received; frameworks rewrite it, and the signature covers the original
 * @throws {TrtcError} `UnsupportedProtocol`, `RequestSizeLimitExceeded`, or `InvalidRequest` for a broken-off body
 */
export async function readRequest(request: Request, target: string): Promise<WireRequest> {
  const { method } = request
  const mark = target.indexOf('?')
  const query = mark < 0 ? '' : target.slice(mark + 1)
  const header = (name: string) => request.headers.get(name)?.trim() || undefined
  if (method === 'GET') {
    if (Buffer.byteLength(query) > maxQueryBytes) throw tooLarge('query', maxQueryBytes)
    return { method, query, header, body: new Uint8Array() }
  }
  if (method !== 'POST') throw new TrtcError('UnsupportedProtocol', `The method is ${method}; it must be GET or POST.`)
  return {
    method,
    query,
    header,
    body: await readBody(request, header('authorization')?.startsWith(tc3Algorithm) ? maxBodyBytes.v3 : maxBodyBytes.v1),
  }
}

const tooLarge = (what: string, maxBytes: number) =>
  new TrtcError('RequestSizeLimitExceeded', `The ${what} must have at most ${maxBytes} bytes.`)

async function readBody(request: Request, maxBytes: number): Promise<Uint8Array> {
  if (Number(request.headers.get('content-length')) > maxBytes) throw tooLarge('body', maxBytes)
  if (request.body === null) return new Uint8Array()
  const reader = request.body.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw new TrtcError('InvalidRequest', 'The body broke off.')
    })
    if (done) return Buffer.concat(chunks, size)
    size += value.byteLength
    // The reader is left as it is: cancelling would close the connection before the answer is out.
    if (size > maxBytes) throw tooLarge('body', maxBytes)
    chunks.push(value)
  }
}
