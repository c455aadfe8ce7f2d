// API keys besides the one of the settings.
import type { Selectable } from 'kysely'
import type { Database } from './database.ts'
import { apiKeyPlace } from './places.ts'
import type { Seal } from './sealed.ts'
import type { ApiKeyTable } from './tables.ts'

export interface ApiKeyRecord {
  readonly secretId: string
  /** Secret. */
  readonly secretKey: string
  /** Whose key it is; an account's keys share its rate limits. */
  readonly account: string
  /** Secret; `null`: a lasting key. */
  readonly token: string | null
  /** Unix ms; `null`: holds until it is revoked. */
  readonly expiresAt: number | null
  readonly applications: 'all' | readonly number[]
  /** Unix ms. */
  readonly createdAt: number
}

export class ApiKeyStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** False: the SecretId is taken. */
  async add({ secretId, secretKey, account, token, expiresAt, applications, createdAt }: ApiKeyRecord): Promise<boolean> {
    const { db, seal } = this.#database
    const { secretKeyPlace, tokenPlace } = apiKeyPlace(secretId)
    const result = await db
      .insertInto('api_keys')
      .values({
        secret_id: secretId,
        secret_key: seal.seal(secretKey, secretKeyPlace),
        account,
        token: token === null ? null : seal.seal(token, tokenPlace),
        expires_at: expiresAt,
        applications: applications === 'all' ? null : JSON.stringify(applications),
        created_at: createdAt,
      })
      .onConflict((conflict) => conflict.column('secret_id').doNothing())
      .executeTakeFirst()
    return (result.numInsertedOrUpdatedRows ?? 0n) > 0n
  }

  /** False: there is none such. */
  async remove(secretId: string): Promise<boolean> {
    const result = await this.#database.db.deleteFrom('api_keys').where('secret_id', '=', secretId).executeTakeFirst()
    return result.numDeletedRows > 0n
  }

  async find(secretId: string): Promise<ApiKeyRecord | null> {
    const { db, seal } = this.#database
    const row = await db.selectFrom('api_keys').selectAll().where('secret_id', '=', secretId).executeTakeFirst()
    return row === undefined ? null : recordOf(row, seal)
  }

  /** Oldest first. */
  async list(): Promise<ApiKeyRecord[]> {
    const { db, seal } = this.#database
    const rows = await db.selectFrom('api_keys').selectAll().orderBy('created_at').orderBy('secret_id').execute()
    return rows.map((row) => recordOf(row, seal))
  }
}

function recordOf(row: Selectable<ApiKeyTable>, seal: Seal): ApiKeyRecord {
  const { secretKeyPlace, tokenPlace } = apiKeyPlace(row.secret_id)
  return {
    secretId: row.secret_id,
    secretKey: seal.open(row.secret_key, secretKeyPlace),
    account: row.account,
    token: row.token === null ? null : seal.open(row.token, tokenPlace),
    expiresAt: row.expires_at,
    applications: row.applications === null ? 'all' : (JSON.parse(row.applications) as number[]),
    createdAt: row.created_at,
  }
}
