// A small client of the API: signs with TC3-HMAC-SHA256 and unpacks the envelope.
import { apiVersion, type ActionName, type ActionRequest, type ActionResponses } from '../trtc/actions/actions.ts'
import { tc3Algorithm, tc3Date, tc3PayloadHash, tc3Signature } from '../trtc/signature/tc3.ts'

export interface RelayClientOptions {
  /** Where the API listens, as in `http://127.0.0.1:8080`. */
  readonly endpoint: string
  readonly secretId: string
  readonly secretKey: string
  /** Of a temporary key. */
  readonly token?: string
  readonly region?: string
  /** Unix milliseconds; the system's clock if absent. */
  readonly now?: () => number
}

export interface RelayClient {
  /**
   * Calls an action.
   * @throws {RelayCallError} when the server refuses
   */
  call<Name extends ActionName>(
    action: Name,
    parameters: ActionRequest<Name>,
    signal?: AbortSignal,
  ): Promise<ActionResponses[Name] & { readonly RequestId: string }>
}

/** A refusal by the server. */
export class RelayCallError extends Error {
  readonly code: string
  readonly requestId: string

  constructor(code: string, message: string, requestId: string) {
    super(`${code}: ${message}`)
    this.name = 'RelayCallError'
    this.code = code
    this.requestId = requestId
  }
}

interface Envelope {
  readonly Response: { readonly RequestId: string; readonly Error?: { readonly Code: string; readonly Message: string } }
}

const contentType = 'application/json'
const service = 'trtc'

/** A client of one endpoint and one key; keeps no connection of its own. */
export function createRelayClient({ endpoint, secretId, secretKey, token, region, now = Date.now }: RelayClientOptions): RelayClient {
  const url = new URL('/', endpoint)

  return {
    async call<Name extends ActionName>(action: Name, parameters: ActionRequest<Name>, signal?: AbortSignal) {
      const body = Buffer.from(JSON.stringify(parameters))
      const timestampSec = Math.floor(now() / 1000)
      const headers: [string, string][] = [
        ['content-type', contentType],
        ['host', url.host],
      ]
      const payloadHash = tc3PayloadHash('POST', body, false)
      const signature = tc3Signature({ method: 'POST', query: '', headers, payloadHash, timestampSec, service }, secretKey)
      const answer = await fetch(url, {
        method: 'POST',
        body,
        headers: {
          'Content-Type': contentType,
          Authorization: `${tc3Algorithm} Credential=${secretId}/${tc3Date(timestampSec)}/${service}/tc3_request, SignedHeaders=content-type;host, Signature=${signature}`,
          'X-TC-Action': action,
          'X-TC-Version': apiVersion,
          'X-TC-Timestamp': String(timestampSec),
          'X-TC-RequestClient': 'tributary',
          ...(token === undefined ? {} : { 'X-TC-Token': token }),
          ...(region === undefined ? {} : { 'X-TC-Region': region }),
        },
        ...(signal === undefined ? {} : { signal }),
      })
      if (!answer.ok) throw new Error(`${url.origin} answered HTTP ${answer.status}; the API always answers 200.`)
      const { Response: response } = (await answer.json()) as Envelope
      if (response.Error !== undefined) throw new RelayCallError(response.Error.Code, response.Error.Message, response.RequestId)
      return response as ActionResponses[Name] & { readonly RequestId: string }
    },
  }
}
