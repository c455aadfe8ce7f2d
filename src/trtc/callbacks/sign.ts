// The `Sign` header: proof that a callback comes from who knows the key.
import { createHmac } from 'node:crypto'

/** Base64 of HMAC-SHA256 over exactly the bytes that are sent (relay-api 14.1). */
export const callbackSign = (key: string, body: string | Uint8Array): string => createHmac('sha256', key).update(body).digest('base64')
