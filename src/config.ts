// All settings: one schema, filled from defaults, a YAML file, TRIBUTARY_* variables and flags, later ones winning.
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'

const port = z.coerce.number().int().min(0).max(65535)
const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')])
const list = z.union([
  z.array(z.string()),
  z.string().transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  ),
])

/** Every setting by name; `tributary.reference.yaml` explains each. */
export const configSchema = z.strictObject({
  bindAddress: z.string().default('0.0.0.0'),
  httpPort: port.default(8080),
  rtmpPort: port.default(1935),
  rtcPort: port.default(8443),
  advertisedAddresses: list.default([]),
  origin: flag.default(true),
  dataDir: z.string().default('./data'),
  secretId: z.string().min(1).optional(),
  secretKey: z.string().min(1).optional(),
  sdkAppId: z.coerce.number().int().min(1).max(4294967295).default(1400188366),
  sdkSecretKey: z.string().min(1).optional(),
  masterKey: z.string().min(32, 'must have at least 32 characters').optional(),
  regions: list.default(['ap-beijing', 'ap-guangzhou', 'ap-hongkong', 'ap-shanghai', 'ap-singapore']),
  allowRtmps: flag.default(true),
  allowPrivatePictureAddresses: flag.default(false),
  callbackUrl: z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' }).optional(),
  callbackKey: z
    .string()
    .regex(/^[A-Za-z0-9]{1,32}$/, 'must be 1 to 32 letters and digits')
    .optional(),
  callbackRetryHours: z.coerce.number().min(0).max(168).default(24),
  allowPrivateCallbackAddresses: flag.default(false),
  maxTasks: z.coerce.number().int().min(1).default(100),
  rateLimitFactor: z.coerce.number().positive().max(1000).default(1),
  rateLimits: list.default([]),
  capacity: z.coerce.number().positive().optional(),
  encoderThreads: z.coerce.number().int().min(0).max(64).default(1),
  logLevel: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
})

export type Config = z.output<typeof configSchema>

/** Settings whose values are never shown. */
const secretSettings: ReadonlySet<string> = new Set(['secretKey', 'sdkSecretKey', 'masterKey', 'callbackUrl', 'callbackKey'])

/** A setting that cannot be used; the message names it, the value and the rule. */
export class ConfigError extends Error {}

/** `httpPort` is set by `TRIBUTARY_HTTP_PORT`. */
export const variableName = (setting: string): string => `TRIBUTARY_${setting.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`

/**
 * Joins the sources of settings: defaults, file, environment, flags; later ones win.
 * @param flags settings given on the command line, by setting name; undefined ones are skipped
 * @param defaults in place of the schema's
 * @throws {ConfigError} naming the setting, for unknown names and values out of range
 */
export function loadConfig(
  environment: NodeJS.ProcessEnv,
  flags: Record<string, unknown> = {},
  file?: string,
  defaults: Partial<Config> = {},
): Config {
  const names = Object.keys(configSchema.shape)
  const fromFile = file === undefined ? {} : readFile(file)
  const fromEnvironment = Object.fromEntries(names.map((name) => [name, environment[variableName(name)]]))
  const merged: Record<string, unknown> = { ...defaults, ...fromFile }
  for (const source of [fromEnvironment, flags]) {
    for (const [name, value] of Object.entries(source)) if (value !== undefined && value !== '') merged[name] = value
  }
  const result = configSchema.safeParse(merged)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const name = issue?.path[0]
  if (typeof name !== 'string') throw new ConfigError(`Settings of ${file ?? 'the command line'}: ${issue?.message ?? 'invalid'}.`)
  const value = secretSettings.has(name) ? 'a secret' : JSON.stringify(merged[name])
  throw new ConfigError(`Setting ${name} is ${value}: ${issue?.message ?? 'invalid'}.`)
}

function readFile(file: string): Record<string, unknown> {
  const content: unknown = parse(readFileSync(file, 'utf8')) ?? {}
  if (typeof content !== 'object' || Array.isArray(content)) throw new ConfigError(`Settings file ${file} must hold names and values.`)
  return content as Record<string, unknown>
}
