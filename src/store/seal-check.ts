// Whether a database was sealed under the master key at hand.
import type { Kysely } from 'kysely'
import { SealError, type Seal } from './sealed.ts'
import { StoreError } from './store-error.ts'
import type { Tables } from './tables.ts'

const PLACE = 'seal_check.sealed'

/** What the database keeps to know its master key by. */
export const sealCheck = (seal: Seal): string => seal.seal('tributary', PLACE)

/** @throws {StoreError} saying what to do, if the database was sealed under another key */
export async function verifySeal(db: Kysely<Tables>, seal: Seal): Promise<void> {
  const { sealed } = await db.selectFrom('seal_check').select('sealed').executeTakeFirstOrThrow()
  try {
    seal.open(sealed, PLACE)
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    throw new StoreError(
      'The master key does not open the database: its secrets were sealed under another one. Set masterKey ' +
        '(TRIBUTARY_MASTER_KEY) to the key that was in use, or put back the secrets.json that belongs to the database.',
      { cause: error },
    )
  }
}
