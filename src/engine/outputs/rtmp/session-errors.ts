// Why a connection to an RTMP server failed, in sentences that hold no secret.
import { amf0Member, type Amf0Value } from '../amf0.ts'
import type { RtmpAddress } from './url.ts'

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'The server refused the connection.',
  ECONNRESET: 'The server reset the connection.',
  EPIPE: 'The server closed the connection.',
  ENOTFOUND: 'The host name is not known.',
  EAI_AGAIN: 'The host name could not be looked up.',
  ETIMEDOUT: 'The server cannot be reached (timeout).',
  EHOSTUNREACH: 'The server cannot be reached.',
  ENETUNREACH: 'The network of the server cannot be reached.',
  ERR_SSL_WRONG_VERSION_NUMBER: 'The server does not speak TLS.',
  ERR_TLS_CERT_ALTNAME_INVALID: "The server's certificate is for another name.",
  CERT_HAS_EXPIRED: "The server's certificate has expired.",
  DEPTH_ZERO_SELF_SIGNED_CERT: "The server's certificate is not trusted.",
  SELF_SIGNED_CERT_IN_CHAIN: "The server's certificate is not trusted.",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "The server's certificate is not trusted.",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "The server's certificate is not trusted.",
}

/** A sentence for what a socket reported. */
export function socketErrorText(error: NodeJS.ErrnoException): string {
  const code = error.code ?? error.name
  return reasons[code] ?? `The connection failed (${code}).`
}

/** A sentence for a refusal of the server; its own words are kept where they repeat nothing of the stream's name. */
export function rejectionText(info: Amf0Value, address: RtmpAddress): string {
  const code = safeText(amf0Member(info, 'code'), address)
  const description = safeText(amf0Member(info, 'description'), address)
  const said = [code, description].filter((text) => text !== '').join(': ')
  return said === '' ? 'The server refused the stream.' : `The server refused the stream (${said}).`
}

/** Pieces shorter than this are in every sentence by chance. */
const MIN_SECRET_LENGTH = 4

function safeText(value: Amf0Value, { streamKey }: RtmpAddress): string {
  if (typeof value !== 'string') return ''
  const said = value.toLowerCase()
  const secrets = streamKey
    .toLowerCase()
    .split(/[/?&=]/)
    .flatMap((piece) => [piece, unescaped(piece)])
  const isSecret =
    secrets.some((secret) => secret.length >= MIN_SECRET_LENGTH && said.includes(secret)) || said.includes(streamKey.toLowerCase())
  // oxlint-disable-next-line no-control-regex
  return isSecret ? '' : value.replace(/[\u0000-\u001f\u007f]+/g, ' ').slice(0, 200)
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
