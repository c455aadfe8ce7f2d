// A schema of the wire as JSON Schema 2020-12.
import { z } from 'zod'
import { standsFor } from '../types/intended-request.ts'

/** As much of JSON Schema as zod writes for the wire. */
export interface JsonSchema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly pattern?: string
}

export const schemaRef = (name: string): string => `#/components/schemas/${name}`

/** Integers appear as such, although their decimal text is taken as well. */
export function toWireSchema(schema: z.ZodType): JsonSchema {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    io: 'output',
    override({ zodSchema, jsonSchema }) {
      const other = standsFor.get(zodSchema)
      if (other === undefined) return
      for (const key of Object.keys(jsonSchema)) delete (jsonSchema as Record<string, unknown>)[key]
      jsonSchema.$ref = schemaRef(other.action)
    },
  })
  return rest as JsonSchema
}
