// What an operator changes of where an application's events go.
import { z } from 'zod'
import { callbackFamilies, type ApplicationRecord, type Callback } from '../../store/application-store.ts'
import { AdminError } from '../admin/admin-command.ts'

const url = z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' }).max(2048, 'must have at most 2048 characters')

/** Spec section 14.1. */
const key = z.string().regex(/^[A-Za-z0-9]{1,32}$/, 'must be 1 to 32 letters and digits')

/** Absent: as it is; `null`: none any more. */
const change = z.strictObject({ url: url.nullable().optional(), key: key.nullable().optional() })

/** By family of events. */
export const callbackChanges = z.strictObject({ rooms: change.optional(), relay: change.optional() })

type Callbacks = ApplicationRecord['callbacks']

/** @throws {AdminError} for a key without an address */
export function changedCallbacks(callbacks: Callbacks, changes: z.output<typeof callbackChanges>): Callbacks {
  return Object.fromEntries(
    callbackFamilies.flatMap((family): [string, Callback][] => {
      const before = callbacks[family]
      const wanted = changes[family] ?? {}
      if (wanted.url === null) return []
      const address = wanted.url ?? before?.url
      if (address !== undefined) return [[family, { url: address, key: wanted.key === undefined ? (before?.key ?? null) : wanted.key }]]
      if (wanted.key === undefined || wanted.key === null) return []
      throw new AdminError(`A callback key needs a callback address (events of ${family}).`)
    }),
  )
}
