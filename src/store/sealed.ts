// Secrets at rest: what is written to the database goes through here, so that a copy of it gives nothing away.
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'

const VERSION = 's1.'
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** A text was sealed under another master key, for another place, or was changed. */
export class SealError extends Error {
  constructor(place: string) {
    super(`What is stored as ${place} cannot be opened: it was sealed under another master key, or was changed.`)
    this.name = 'SealError'
  }
}

/**
 * AES-256-GCM under a key derived from a master key (HKDF, RFC 5869). A sealed text opens only at the place it was
 * sealed for, so that rows cannot be exchanged by whoever may write the database but does not have the key.
 */
export class Seal {
  readonly #key: Buffer
  readonly #nonceKey: Buffer

  /** @param masterKey at least 32 characters of a random text */
  constructor(masterKey: string) {
    const derive = (use: string) => Buffer.from(hkdfSync('sha256', masterKey, 'tributary', use, 32))
    this.#key = derive('seal')
    this.#nonceKey = derive('nonce')
  }

  /** Seals a text; twice the same text looks different. @param place table, column and row, as in `tasks.spec:ID` */
  seal(text: string, place: string): string {
    return this.#encrypt(text, place, randomBytes(NONCE_BYTES))
  }

  /** Seals a text that rows are found by: at one place the same text looks the same. */
  sealSame(text: string, place: string): string {
    const nonce = createHmac('sha256', this.#nonceKey)
      .update(JSON.stringify([place, text]))
      .digest()
      .subarray(0, NONCE_BYTES)
    return this.#encrypt(text, place, nonce)
  }

  /** @throws {SealError} unless it was sealed for this place under this key */
  open(sealed: string, place: string): string {
    const bytes = Buffer.from(sealed.startsWith(VERSION) ? sealed.slice(VERSION.length) : '', 'base64url')
    if (bytes.length < NONCE_BYTES + TAG_BYTES) throw new SealError(place)
    const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
    decipher.setAAD(Buffer.from(place))
    decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
    try {
      return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8')
    } catch {
      throw new SealError(place)
    }
  }

  #encrypt(text: string, place: string, nonce: Buffer): string {
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce, { authTagLength: TAG_BYTES })
    cipher.setAAD(Buffer.from(place))
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    return `${VERSION}${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')}`
  }
}
