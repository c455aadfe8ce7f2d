// Which actions answer the faults of a parameter with a code of its own; the others answer the bare code.
import { z } from 'zod'
import type { TrtcErrorCode } from './errors.ts'

/** The code for a wrong value of a parameter, by its name at the top; some depend on the value. */
export type FieldCodes = Readonly<Partial<Record<string, TrtcErrorCode | ((value: unknown) => TrtcErrorCode)>>>

const registry = z.registry<FieldCodes>()

/** The schema itself, whose parameters answer wrong values with these codes. */
export function withFieldCodes<Schema extends z.ZodType>(schema: Schema, codes: FieldCodes): Schema {
  registry.add(schema, codes)
  return schema
}

/** The code for a wrong value at `path`. */
export function fieldCodeAt(schema: z.ZodType, path: readonly PropertyKey[], value: unknown): TrtcErrorCode {
  const code = registry.get(schema)?.[String(path[0])] ?? 'InvalidParameter'
  return typeof code === 'function' ? code(value) : code
}
