// From a request's bytes to its still unchecked tree of parameters.
import { TrtcError } from '../../trtc/errors.ts'
import { invalidParameter } from '../../trtc/parameter-error.ts'
import { unflatten } from '../../trtc/unflatten.ts'
import { commonNames, type WireMessage } from './wire-message.ts'

/**
 * The parameters of a query, a form or a JSON body, without the common ones; an empty body holds none.
 * @throws {TrtcError} `InvalidParameter` for what is no JSON, and names that repeat or contradict each other
 */
export function parseParameters({ convention, form }: WireMessage, body: Uint8Array): unknown {
  if (form === null) return parseJson(body)
  if (convention === 'v3') return unflatten(form)
  const names: readonly string[] = commonNames
  const common = form.map(([name]) => name).filter((name) => names.includes(name))
  const repeated = common.find((name, index) => common.indexOf(name) !== index)
  if (repeated !== undefined) throw invalidParameter(repeated, [], 'must be given once')
  return unflatten(form.filter(([name]) => !names.includes(name)))
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
