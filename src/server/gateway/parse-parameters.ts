// From a request's bytes to its still unchecked tree of parameters.
import { TrtcError } from '../../trtc/errors.ts'
import { unflatten } from '../../trtc/unflatten.ts'
import type { WireRequest } from './read-request.ts'

const formType = 'application/x-www-form-urlencoded'

/**
 * The parameters of a GET's query or a POST's JSON body; an empty body holds none.
 * @throws {TrtcError} `InvalidRequest` for multipart bodies, `InvalidParameter` for what is no JSON,
 * `UnsupportedOperation` for the older signature convention
 */
export function parseParameters({ method, query, header, body }: WireRequest): unknown {
  const type = header('content-type')?.toLowerCase() ?? ''
  if (type.startsWith('multipart/')) throw new TrtcError('InvalidRequest', 'No action takes multipart bodies.')
  const form = method === 'GET' ? query : type.startsWith(formType) ? Buffer.from(body).toString('latin1') : null
  if (form === null) return parseJson(body)
  const parameters = new URLSearchParams(form)
  if (header('authorization') === undefined && parameters.has('Signature')) {
    throw new TrtcError(
      'UnsupportedOperation',
      'Signature: the signature methods HmacSHA1 and HmacSHA256 are not supported yet; sign with TC3-HMAC-SHA256.',
    )
  }
  return unflatten(parameters)
}

function parseJson(body: Uint8Array): unknown {
  if (body.byteLength === 0) return {}
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    // The parser's own message quotes the body, which may hold secrets.
    throw new TrtcError('InvalidParameter', 'The request body is not valid JSON in UTF-8.')
  }
}
