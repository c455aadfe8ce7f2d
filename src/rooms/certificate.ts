// The DTLS certificate of this installation: self-signed, made once, kept in the data directory.
// DTLS peers compare its fingerprint only, so X.509 is written here by hand (RFC 5280 section 4.1).
import { generateKeyPairSync, randomBytes, sign, X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const DAY_MS = 86_400_000

/** Paths of the certificate and its key, which are made or renewed when needed. The key's mode is 0600. */
export function persistentCertificate(directory: string, nowMs: number): { certificatePemFile: string; keyPemFile: string } {
  const certificatePemFile = join(directory, 'dtls-certificate.pem')
  const keyPemFile = join(directory, 'dtls-key.pem')
  if (!isUsable(certificatePemFile, keyPemFile, nowMs)) {
    const { certificate, key } = selfSignedCertificate('tributary', nowMs)
    mkdirSync(directory, { recursive: true })
    writeFileSync(keyPemFile, key, { mode: 0o600 })
    writeFileSync(certificatePemFile, certificate)
  }
  return { certificatePemFile, keyPemFile }
}

function isUsable(certificatePemFile: string, keyPemFile: string, nowMs: number): boolean {
  if (!existsSync(certificatePemFile) || !existsSync(keyPemFile)) return false
  try {
    return Date.parse(new X509Certificate(readFileSync(certificatePemFile)).validTo) > nowMs + 30 * DAY_MS
  } catch {
    return false
  }
}

/** A P-256 certificate that signs itself, valid for ten years, and its PKCS #8 key, both as PEM. */
export function selfSignedCertificate(commonName: string, nowMs: number): { certificate: string; key: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const ecdsaWithSha256 = der(0x30, oid('2a8648ce3d040302'))
  const name = der(0x30, der(0x31, der(0x30, oid('550403'), der(0x0c, Buffer.from(commonName)))))
  const serial = der(0x02, Buffer.concat([Buffer.from([0x01]), randomBytes(8)]))
  const toBeSigned = der(
    0x30,
    der(0xa0, der(0x02, Buffer.from([2]))),
    serial,
    ecdsaWithSha256,
    name,
    der(0x30, utcTime(nowMs - DAY_MS), utcTime(nowMs + 3_650 * DAY_MS)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  )
  const signature = sign('sha256', toBeSigned, privateKey)
  const certificate = der(0x30, toBeSigned, ecdsaWithSha256, der(0x03, Buffer.from([0]), signature))
  const lines = certificate
    .toString('base64')
    .match(/.{1,64}/g)!
    .join('\n')
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  }
}

/** A tag, the length of what follows, and what follows. */
function der(tag: number, ...parts: Uint8Array[]): Buffer {
  const body = Buffer.concat(parts)
  const length =
    body.length < 0x80 ? [body.length] : body.length < 0x100 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...length]), body])
}

const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'))

function utcTime(atMs: number): Buffer {
  const text = new Date(atMs).toISOString().replace(/[-:T]|\.\d+/g, '')
  return der(0x17, Buffer.from(text.slice(2)))
}
