// The secrets a first start makes: kept in the data directory, readable by the owner only.
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const schema = z.object({
  secretId: z.string(),
  secretKey: z.string(),
  sdkSecretKey: z.string(),
  consoleToken: z.string(),
  /** What secrets in the database are sealed under. */
  masterKey: z.string().optional(),
  /** Names this machine's worker, so that a restarted server goes on with its own tasks. */
  workerId: z.string(),
})

export type Secrets = z.output<typeof schema>

/** Made in any case; the master key only where no setting has it, so that it does not lie beside what it protects. */
export interface LoadedSecrets {
  readonly secrets: Secrets & { readonly masterKey: string }
  readonly made: (keyof Secrets)[]
}

const hex = (bytes: number): string => randomBytes(bytes).toString('hex')

/**
 * Reads the secrets of a data directory, making those that are missing.
 * @param masterKey the setting, which wins
 * @returns the secrets and the names of those made just now, to be shown once
 */
export function loadSecrets(dataDir: string, masterKey?: string): LoadedSecrets {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const file = join(dataDir, 'secrets.json')
  const kept = keptSecrets(dataDir)
  const sealingKey = masterKey ?? kept.masterKey ?? hex(32)
  const fresh: Secrets = {
    secretId: `AKID${hex(16)}`,
    secretKey: hex(16),
    sdkSecretKey: hex(32),
    consoleToken: hex(16),
    workerId: `worker-${hex(6)}`,
    ...(masterKey === undefined ? { masterKey: sealingKey } : {}),
  }
  const made = (Object.keys(fresh) as (keyof Secrets)[]).filter((name) => kept[name] === undefined)
  const secrets = schema.parse({ ...fresh, ...kept })
  if (made.length > 0) writeFileSync(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 })
  return { secrets: { ...secrets, masterKey: sealingKey }, made }
}

/** What a data directory has of secrets; nothing where no server ever ran. */
export const keptSecrets = (dataDir: string) => schema.partial().parse(readJson(join(dataDir, 'secrets.json')))

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw new Error(`${file} must be JSON as this program wrote it: ${(error as Error).message}`, { cause: error })
  }
}
